import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, ok } from '../../api/client.js';
import { BackLink } from '../../ui/back-link.js';
import { Page } from '../../ui/page.js';
import { say } from '../../ui/say.js';
import { forgetEventTypes, pathOf } from './event-type.js';
import { EventTypeForm } from './event-type-form.js';
import { schemaOf, useFormDraft } from './form-draft.js';

/** For the operator: a new event type. */
export function NewEventType() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useFormDraft(undefined);
  const creating = useMutation({
    mutationFn: async () => {
      const result = await api.POST('/v1/event-types', {
        body: {
          event_type: draft.name,
          category: draft.category,
          description: draft.description.trim() || null,
          is_enabled: draft.isEnabled,
          payload_schema: schemaOf(draft.schema)?.value ?? null,
        },
      });
      return ok(result);
    },
    onSuccess: ({ event_type: name }) => {
      say(t('eventTypes.isCreated', { name }));
      navigate(pathOf(name));
      void forgetEventTypes();
    },
  });
  return (
    <Page title={t('eventTypes.create')} above={<BackLink href="/event-types">{t('eventTypes.title')}</BackLink>}>
      <EventTypeForm
        draft={draft}
        onChange={setDraft}
        isNew
        busy={creating.isPending}
        error={creating.error}
        submit={t('eventTypes.create')}
        onSubmit={() => creating.mutate()}
        cancel="/event-types"
      />
    </Page>
  );
}
