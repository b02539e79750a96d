import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, lintGutter } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, StateEffect } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { nonce } from '../app/nonce.js';
import styles from './json-editor.module.css';
import { placeOf } from './json-place.js';

/** Something wrong at a JSON pointer of the text. */
export interface EditorFinding {
  readonly pointer: string;
  readonly detail: string;
}

export interface JsonEditorProps {
  /** What is edited; its name for screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly findings?: readonly EditorFinding[];
  /** Id of the text that says what is wrong with what is edited; undefined: nothing is. */
  readonly errorId?: string | undefined;
  readonly isReadOnly?: boolean;
}

const LINT_AFTER_MS = 300;
const parse = jsonParseLinter();
const NO_FINDINGS: readonly EditorFinding[] = [];

/** Tells the linter that the findings are others: of itself it looks at changes of the text alone. */
const newFindings = StateEffect.define();

const attributes = new Compartment();

/** What screen readers say of the field. */
function attributesOf(label: string, errorId: string | undefined): Extension {
  const wrong = errorId !== undefined && { 'aria-invalid': 'true', 'aria-describedby': errorId };
  return EditorView.contentAttributes.of({ 'aria-label': label, ...wrong });
}

/** In the theme's colours, which have the contrast that text needs on both grounds. */
const highlighting = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--accent)' },
    { tag: tags.string, color: 'var(--good)' },
    { tag: tags.number, color: 'var(--info)' },
    { tag: [tags.bool, tags.null], color: 'var(--warn)' },
  ]),
);

/** Text typed over a selection, by CodeMirror itself: the browser would give it the style of what it replaces, inline, which the policy reports. */
const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    if (inputType !== 'insertText' || data === null || view.state.readOnly || view.state.selection.main.empty)
      return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

/** CodeMirror on JSON: says as one types where it is no JSON, and shows findings where they are. Tab leaves it, as in any other field. */
export function JsonEditorView({
  label,
  value,
  onChange,
  findings = NO_FINDINGS,
  errorId,
  isReadOnly = false,
}: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const found = useRef(findings);
  found.current = findings;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; its text is kept equal below.
  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce() ?? ''),
          lineNumbers(),
          history(),
          indentOnInput(),
          bracketMatching(),
          json(),
          highlighting,
          // One linter for both: whichever came last would take the other's marks away.
          linter(
            (editor) => (editor.state.doc.length === 0 ? [] : [...parse(editor), ...marksOf(editor, found.current)]),
            {
              delay: LINT_AFTER_MS,
              needsRefresh: ({ transactions }) =>
                transactions.some(({ effects }) => effects.some((one) => one.is(newFindings))),
            },
          ),
          lintGutter(),
          typing,
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          attributes.of(attributesOf(label, errorId)),
          EditorState.readOnly.of(isReadOnly),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) change.current(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, isReadOnly]);

  // At once: a key that is pressed before it would be written over.
  useLayoutEffect(() => {
    const editor = view.current;
    const text = editor?.state.doc.toString();
    if (editor === null || text === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  // Before the page is drawn: whoever looks for what is wrong with it finds the editor together with the text that says so.
  useLayoutEffect(() => {
    view.current?.dispatch({ effects: attributes.reconfigure(attributesOf(label, errorId)) });
  }, [label, errorId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the linter reads them by itself, when it is told.
  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch({ effects: newFindings.of(null) });
    forceLinting(editor);
  }, [findings]);

  return <div ref={place} className={styles.editor} />;
}

function marksOf({ state }: EditorView, findings: readonly EditorFinding[]): Diagnostic[] {
  const text = state.doc.toString();
  return findings.map(({ pointer, detail }) => {
    const { from, to } = placeOf(text, pointer);
    return { from, to, severity: 'error', message: `${pointer || '/'} ${detail}` };
  });
}
