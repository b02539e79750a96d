import { type FormEvent, type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, LinkButton } from '../../ui/button.js';
import { Checkbox, Field, Input, TextArea } from '../../ui/field.js';
import { JsonEditor } from '../../ui/json-editor.js';
import { Section } from '../../ui/page.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import { useCatalogue } from './catalogue.js';
import styles from './event-types.module.css';
import { type FormDraft, schemaOf } from './form-draft.js';

interface EventTypeFormProps {
  readonly draft: FormDraft;
  readonly onChange: (draft: FormDraft) => void;
  readonly isNew: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  /** What is known of the schema beside it. */
  readonly besideSchema?: ReactNode;
  readonly submit: string;
  readonly onSubmit: () => void;
  readonly cancel: string;
}

/** The settings of an event type. */
export function EventTypeForm(props: EventTypeFormProps) {
  const { draft, onChange, isNew, busy, error, besideSchema, submit, onSubmit, cancel } = props;
  const { t } = useTranslation();
  const isSchema = schemaOf(draft.schema) !== undefined;
  function send(event: FormEvent): void {
    event.preventDefault();
    if (isSchema && !busy) onSubmit();
  }
  return (
    <form className={styles.form} onSubmit={send}>
      <Section title={t('eventTypes.about')}>
        <Naming draft={draft} onChange={onChange} isNew={isNew} />
        <Field label={t('eventTypes.description')} hint={t('eventTypes.descriptionHint')}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              maxLength={10_000}
              value={draft.description}
              onChange={({ target }) => onChange({ ...draft, description: target.value })}
            />
          )}
        </Field>
        <Checkbox
          label={t('eventTypes.enabled')}
          hint={t('eventTypes.enabledHint')}
          checked={draft.isEnabled}
          onChange={({ target }) => onChange({ ...draft, isEnabled: target.checked })}
        />
      </Section>
      <Section title={t('eventTypes.schema')}>
        <p className={styles.quiet}>{t('eventTypes.schemaHint')}</p>
        <JsonEditor
          label={t('eventTypes.schema')}
          value={draft.schema}
          onChange={(schema) => onChange({ ...draft, schema })}
        />
        {!isSchema && (
          <p role="status" className={styles.wrong}>
            {t('eventTypes.notSchema')}
          </p>
        )}
        {isSchema && besideSchema}
      </Section>
      {error !== null && <ProblemNotice error={error} />}
      <div className={styles.ends}>
        <LinkButton href={cancel} look="secondary">
          {t('app.cancel')}
        </LinkButton>
        <Button type="submit" busy={busy} disabled={!isSchema}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

function Naming({ draft, onChange, isNew }: Pick<EventTypeFormProps, 'draft' | 'onChange' | 'isNew'>) {
  const { t } = useTranslation();
  const listId = useId();
  const types = useCatalogue().data?.types ?? [];
  return (
    <div className={styles.pair}>
      {isNew && (
        <Field label={t('eventTypes.name')} hint={t('eventTypes.nameHint')}>
          {(control) => (
            <Input
              {...control}
              className="mono"
              required
              maxLength={100}
              pattern="[A-Za-z0-9_.:\-]+"
              autoComplete="off"
              spellCheck={false}
              placeholder="invoice.paid"
              value={draft.name}
              onChange={({ target }) => onChange({ ...draft, name: target.value })}
            />
          )}
        </Field>
      )}
      <Field label={t('eventTypes.category')} hint={t('eventTypes.categoryHint')}>
        {(control) => (
          <>
            <Input
              {...control}
              required
              maxLength={50}
              list={listId}
              autoComplete="off"
              value={draft.category}
              onChange={({ target }) => onChange({ ...draft, category: target.value })}
            />
            <datalist id={listId}>
              {[...new Set(types.map(({ category }) => category))].map((category) => (
                <option key={category} value={category} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </div>
  );
}
