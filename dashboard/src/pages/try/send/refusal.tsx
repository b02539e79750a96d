import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { tell } from '../../../api/problem.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import styles from './refusal.module.css';

const MENDED_ON_WEBHOOK = ['webhook_inactive', 'webhook_unverified'] as const;
const MENDED_HERE = ['test_too_soon', 'unknown_event_type', 'payload_too_large', 'webhook_not_found'] as const;

interface RefusalProps {
  readonly error: unknown;
  readonly webhookId: string | undefined;
  readonly retry: () => void;
}

/** Why a test event was not sent, and what to do about it. */
export function Refusal({ error, webhookId, retry }: RefusalProps) {
  const { t } = useTranslation();
  const { code } = tell(error);
  const onWebhook = MENDED_ON_WEBHOOK.find((one) => one === code);
  const here = MENDED_HERE.find((one) => one === code);
  return (
    <div className={styles.refusal}>
      <ProblemNotice error={error} retry={retry} />
      {here !== undefined && <p>{t(`try.refusals.${here}`)}</p>}
      {onWebhook !== undefined && (
        <p>
          {t(`try.refusals.${onWebhook}`)} <Link href={`/webhooks/${webhookId}`}>{t('try.openWebhook')}</Link>
        </p>
      )}
    </div>
  );
}
