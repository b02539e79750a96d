import { useMutation } from '@tanstack/react-query';
import { CircleCheck, LoaderCircle, ShieldQuestion, ShieldX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button } from '../../../ui/button.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { DateTime } from '../../../ui/time.js';
import { refreshWebhook, type Webhook } from '../queries.js';
import styles from '../webhooks.module.css';
import { Advice } from './advice.js';

/** How far the verification of a URL is, with its error, and the button that asks for it. */
export function VerificationProgress({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const asking = useMutation({
    mutationFn: async () => {
      const params = { path: { webhook_id: webhook.id } };
      return ok(await api.POST('/v1/webhooks/{webhook_id}/verify', { params }));
    },
    onSuccess: () => refreshWebhook(webhook.id),
  });
  const isUnderWay = webhook.verification_requested_at !== null;
  const ask = mayWrite && (
    <Button
      look="secondary"
      icon={ShieldQuestion}
      busy={asking.isPending || isUnderWay}
      onClick={() => asking.mutate()}
    >
      {t(webhook.is_verified ? 'webhooks.verification.again' : 'webhooks.verification.now')}
    </Button>
  );
  return (
    <div className={styles.stack} aria-live="polite">
      {isUnderWay ? (
        <Advice tone="info" icon={LoaderCircle} title={t('webhooks.verification.underWay')} action={ask}>
          {t('webhooks.verification.underWayText')}
        </Advice>
      ) : webhook.is_verified ? (
        <Advice tone="good" icon={CircleCheck} title={t('webhooks.verification.done')} action={ask}>
          <DateTime iso={webhook.verified_at} />
        </Advice>
      ) : webhook.verification_error_code ? (
        <Advice tone="bad" icon={ShieldX} title={t('webhooks.verification.failed')} action={ask}>
          {webhook.verification_error} <code>{webhook.verification_error_code}</code>
        </Advice>
      ) : (
        <Advice tone="warn" icon={ShieldQuestion} title={t('webhooks.verification.missing')} action={ask}>
          {t('webhooks.verification.missingText')}
        </Advice>
      )}
      {asking.error !== null && <ProblemNotice error={asking.error} />}
    </div>
  );
}
