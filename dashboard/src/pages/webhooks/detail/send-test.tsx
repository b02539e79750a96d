import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../../api/client.js';
import { queries } from '../../../api/queries.js';
import { Button } from '../../../ui/button.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import type { Webhook } from '../queries.js';
import styles from './send-test.module.css';

/** Sends a test event, and leads to the delivery that it became. */
export function SendTest({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const sending = useMutation({
    mutationFn: async () => {
      const params = { path: { webhook_id: webhook.id } };
      return ok(await api.POST('/v1/webhooks/{webhook_id}/test', { params, body: {} }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  return (
    <>
      <Button look="secondary" icon={Send} busy={sending.isPending} onClick={() => sending.mutate()}>
        {t('webhooks.sendTest')}
      </Button>
      <span role="status" className={styles.sent}>
        {sending.data && <Link href={`/deliveries/${sending.data.delivery_id}`}>{t('webhooks.testSent')}</Link>}
      </span>
      {sending.error !== null && <ProblemNotice error={sending.error} />}
    </>
  );
}
