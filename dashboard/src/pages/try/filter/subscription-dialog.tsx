import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { queries } from '../../../api/queries.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import { Field, Select } from '../../../ui/field.js';
import { readableJsonOf, readObject } from '../../../ui/json-text.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { say } from '../../../ui/say.js';
import { useSubscriptions } from '../../webhooks/queries.js';
import { firstGood, useWebhooks } from '../send/webhooks.js';
import shared from '../try.module.css';
import type { FilterDraft } from './filter-draft.js';
import styles from './subscription-dialog.module.css';

interface SubscriptionDialogProps {
  readonly draft: FilterDraft;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Takes the filter of a subscription to look into it, or puts the one that was tested there. */
export function SubscriptionDialog({ draft, isOpen, onClose }: SubscriptionDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('try.subscription.title')} isOpen={isOpen} onClose={onClose}>
      <Content draft={draft} onDone={onClose} />
    </Dialog>
  );
}

function Content({ draft, onDone }: { readonly draft: FilterDraft; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const webhooks = useWebhooks(undefined).data?.webhooks ?? [];
  const [chosenWebhook, chooseWebhook] = useState<string>();
  const [chosenType, chooseType] = useState<string>();
  const webhookId = chosenWebhook ?? firstGood(webhooks)?.id;
  const subscriptions = useSubscriptions(webhookId);
  const known = subscriptions.data ?? [];
  const wanted = chosenType ?? draft.eventType;
  const subscription = known.find(({ event_type: name }) => name === wanted);
  const filter = readObject(draft.filter);
  const saving = useMutation({
    mutationFn: async () => {
      if (webhookId === undefined || subscription === undefined || filter.kind !== 'object') return;
      const result = await api.PATCH('/v1/webhooks/{webhook_id}/subscriptions/{event_type}', {
        params: { path: { webhook_id: webhookId, event_type: subscription.event_type } },
        body: { filters: Object.keys(filter.value).length === 0 ? null : filter.value },
      });
      ok(result);
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['webhook', webhookId] });
      say(t('try.subscription.saved', { type: subscription?.event_type ?? '' }));
      onDone();
    },
  });
  const take = (): void => {
    if (subscription === undefined) return;
    draft.writeFilter(readableJsonOf(subscription.filters ?? {}));
    draft.chooseEventType(subscription.event_type);
    onDone();
  };
  const maySave = mayWrite && subscription !== undefined && filter.kind === 'object';
  return (
    <>
      <p>{t('try.subscription.text')}</p>
      <Field label={t('try.webhook')}>
        {(control) => (
          <Select {...control} value={webhookId ?? ''} onChange={(event) => chooseWebhook(event.target.value)}>
            {webhooks.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('try.subscription.subscription')} hint={known.length === 0 && t('try.subscription.none')}>
        {(control) => (
          <Select
            {...control}
            value={subscription?.event_type ?? ''}
            onChange={(event) => chooseType(event.target.value)}
          >
            {subscription === undefined && <option value="">{t('try.subscription.choose')}</option>}
            {known.map(({ event_type: name, filters }) => (
              <option key={name} value={name}>
                {filters === null ? name : t('try.subscription.filtered', { name })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {saving.isError && <ProblemNotice error={saving.error} />}
      {!mayWrite && <p className={shared.quiet}>{t('app.readOnlyReason')}</p>}
      <div className={styles.ends}>
        <Button look="secondary" disabled={subscription === undefined} onClick={take}>
          {t('try.subscription.take')}
        </Button>
        <Button busy={saving.isPending} disabled={!maySave} onClick={() => saving.mutate()}>
          {t('try.subscription.save')}
        </Button>
      </div>
    </>
  );
}
