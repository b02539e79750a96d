import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../api/client.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { say } from '../../ui/say.js';
import { forgetEventTypes, pathOf, type ReadEventType } from './event-type.js';
import { EventTypeForm } from './event-type-form.js';
import { schemaOf, useFormDraft } from './form-draft.js';
import { useSchemaChange } from './schema-change.js';
import { SchemaChangeView } from './schema-change-view.js';

interface EditEventTypeProps {
  readonly read: ReadEventType;
  readonly onDone: () => void;
}

/** For the operator: changes an event type, against the version that was read; what a new schema breaks is told before. */
export function EditEventType({ read, onDone }: EditEventTypeProps) {
  const { t } = useTranslation();
  // What was read later is not what is being changed.
  const [{ type, etag }] = useState(read);
  const [draft, setDraft] = useFormDraft(type);
  const [original] = useState(draft.schema);
  const [isAsking, setIsAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const checked = useSchemaChange(type, draft.schema, original);
  const { event_type: name } = type;

  async function save(): Promise<void> {
    const result = await api.PATCH('/v1/event-types/{event_type}', {
      params: { path: { event_type: name }, header: { 'if-match': etag } },
      body: {
        category: draft.category,
        description: draft.description.trim() || null,
        is_enabled: draft.isEnabled,
        ...(draft.schema !== original && { payload_schema: schemaOf(draft.schema)?.value ?? null }),
      },
    });
    ok(result);
    say(t('eventTypes.isSaved', { name }));
    await forgetEventTypes();
    onDone();
  }

  async function saveAtOnce(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await save();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  }

  const broken = checked.change?.broken ?? 0;
  return (
    <>
      <EventTypeForm
        draft={draft}
        onChange={setDraft}
        isNew={false}
        busy={busy || checked.isChecking}
        error={error}
        besideSchema={<SchemaChangeView checked={checked} />}
        submit={t('app.save')}
        onSubmit={() => (broken > 0 ? setIsAsking(true) : void saveAtOnce())}
        cancel={pathOf(name)}
      />
      <ConfirmDialog
        title={t('eventTypes.change.title')}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        confirm={t('eventTypes.change.confirm')}
        isDanger
        onConfirm={save}
      >
        {t('eventTypes.change.text', { count: checked.change?.checked ?? 0, broken })}
      </ConfirmDialog>
    </>
  );
}
