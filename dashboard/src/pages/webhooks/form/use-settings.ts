import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../../api/problem.js';
import type { FieldsProps } from './basic-fields.js';
import { type Field, type NumberField, RANGES, type SettingsDraft } from './draft.js';
import { mistakesOf } from './mistakes.js';

export interface SettingsForm extends FieldsProps {
  /** Shows every mistake, and says whether there is none. */
  check(): boolean;
  /** Puts another draft in its place, without mistakes shown. */
  reset(draft: SettingsDraft): void;
}

/** The draft of a webhook's settings. Mistakes show once a field was changed, or all at the first try to save; beside them what the server refused. */
export function useSettings(initial: SettingsDraft, refusal: unknown): SettingsForm {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string> | 'all'>(new Set());
  // A refusal is of the draft that was sent.
  const [changedSince, setChangedSince] = useState<{ readonly refusal: unknown; readonly fields: readonly string[] }>();
  const mistakes = mistakesOf(draft);
  const findings = refusal == null ? [] : tell(refusal).findings;

  function errorOf(field: Field): string | undefined {
    const mistake = mistakes[field];
    if (mistake !== undefined && (touched === 'all' || touched.has(field))) {
      const [min, max] = RANGES[field as NumberField] ?? [];
      return t(`webhooks.mistakes.${mistake}`, { min, max });
    }
    if (changedSince !== undefined && changedSince.refusal === refusal && changedSince.fields.includes(field))
      return undefined;
    return findings.find(({ pointer }) => pointer === `/${field}` || pointer.startsWith(`/${field}/`))?.detail;
  }

  return {
    draft,
    errorOf,
    change(changes) {
      const fields = Object.keys(changes);
      setDraft((before) => ({ ...before, ...changes }));
      setTouched((before) => (before === 'all' ? before : new Set([...before, ...fields])));
      setChangedSince((before) => ({
        refusal,
        fields: [...(before !== undefined && before.refusal === refusal ? before.fields : []), ...fields],
      }));
    },
    check() {
      setTouched('all');
      return Object.keys(mistakes).length === 0;
    },
    reset(next) {
      setDraft(next);
      setTouched(new Set());
    },
  };
}
