import { useMutation } from '@tanstack/react-query';
import { Send, Webhook as WebhookIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { queries } from '../../../api/queries.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button, LinkButton } from '../../../ui/button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { readObject } from '../../../ui/json-text.js';
import { Section } from '../../../ui/page.js';
import { QueryView } from '../../../ui/query-view.js';
import { PLAIN_TEST } from '../../event-types/example.js';
import { EventTypeChoice } from '../event-type-choice.js';
import { usePayloadCheck } from '../payload-check.js';
import { PayloadEditor } from '../payload-editor.js';
import shared from '../try.module.css';
import { Fates } from './fates.js';
import { Refusal } from './refusal.js';
import type { SendDraft } from './send-draft.js';
import styles from './send-tab.module.css';
import { WebhookChoice } from './webhook-choice.js';

/** One webhook gets one event, whatever it subscribes to; what comes of it is shown beside. */
export function SendTab({ draft }: { readonly draft: SendDraft }) {
  const { t } = useTranslation();
  return (
    <QueryView query={draft.webhooks}>
      {({ webhooks, isWhole }) =>
        webhooks.length === 0 ? (
          <Section title={t('try.test')} isTitleHidden>
            <EmptyState
              icon={WebhookIcon}
              title={t('try.noWebhooks')}
              action={<LinkButton href="/webhooks/new">{t('try.createWebhook')}</LinkButton>}
            >
              {t('try.noWebhooksText')}
            </EmptyState>
          </Section>
        ) : (
          <div className={shared.columns}>
            <SendForm draft={draft} isWhole={isWhole} />
            <Fates ids={draft.sent} />
          </div>
        )
      }
    </QueryView>
  );
}

function SendForm({ draft, isWhole }: { readonly draft: SendDraft; readonly isWhole: boolean }) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const { webhooks, catalogue, webhook, subscribed, eventType, payload } = draft;
  const check = usePayloadCheck(eventType === PLAIN_TEST ? undefined : eventType, payload.text ?? '{}');
  const sending = useMutation({
    mutationFn: async () => {
      const read = readObject(payload.text ?? '');
      if (webhook === undefined || eventType === undefined || read.kind !== 'object') return undefined;
      const result = await api.POST('/v1/webhooks/{webhook_id}/test', {
        params: { path: { webhook_id: webhook.id } },
        body: { event_type: eventType, payload: read.value },
      });
      return ok(result).delivery_id;
    },
    onSuccess: (deliveryId) => {
      if (deliveryId === undefined) return;
      draft.addSent(deliveryId);
      void queries.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
  const isReady = mayWrite && check.state !== 'not_json' && check.state !== 'not_object' && payload.text !== undefined;
  return (
    <Section title={t('try.test')}>
      <div className={styles.pair}>
        <WebhookChoice
          webhooks={webhooks.data?.webhooks ?? []}
          isWhole={isWhole}
          value={webhook}
          onChoose={draft.chooseWebhook}
        />
        <EventTypeChoice
          types={catalogue?.types ?? []}
          subscribed={subscribed}
          value={eventType}
          onChoose={draft.chooseEventType}
          hasPlainTest
        />
      </div>
      <PayloadEditor label={t('try.payload')} draft={payload} check={check} />
      {sending.isError && <Refusal error={sending.error} webhookId={webhook?.id} retry={() => sending.mutate()} />}
      <div className={shared.bar}>
        <p className={shared.quiet}>
          {mayWrite ? (check.state === 'invalid' ? t('try.sentAnyway') : t('try.testHint')) : t('app.readOnlyReason')}
        </p>
        <Button
          icon={Send}
          busy={sending.isPending}
          disabled={!isReady}
          onClick={isReady ? () => sending.mutate() : undefined}
        >
          {t('try.send')}
        </Button>
      </div>
    </Section>
  );
}
