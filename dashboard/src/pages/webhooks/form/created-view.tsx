import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { LinkButton } from '../../../ui/button.js';
import { Section } from '../../../ui/page.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { VerificationCode } from '../code/verification-code.js';
import { SecretValue } from '../detail/secret-value.js';
import { SendTest } from '../detail/send-test.js';
import { VerificationProgress } from '../detail/verification-progress.js';
import { useWebhook } from '../queries.js';
import styles from '../webhooks.module.css';
import type { Created } from './create.js';

/** The steps after a webhook was made. */
export function CreatedView({ created: { webhook, unset } }: { readonly created: Created }) {
  const { t } = useTranslation();
  const current = useWebhook(webhook.id).data?.webhook ?? webhook;
  return (
    <div className={styles.stack}>
      {unset.map(({ what, error }) => (
        <div key={what} className={styles.stack}>
          <p className={styles.wrong}>{t('webhooks.notSet', { what })}</p>
          <ProblemNotice error={error} />
        </div>
      ))}
      <Section title={t('webhooks.steps.secret')}>
        <p className={styles.muted}>{t('webhooks.steps.secretText')}</p>
        <SecretValue secret={webhook.secret} />
      </Section>
      <Section title={t('webhooks.steps.code')}>
        <VerificationCode />
      </Section>
      <Section title={t('webhooks.steps.verification')}>
        <VerificationProgress webhook={current} />
      </Section>
      <Section title={t('webhooks.steps.test')}>
        <p className={styles.muted}>{t('webhooks.steps.testText')}</p>
        <div className={styles.row}>
          <SendTest webhook={current} />
        </div>
      </Section>
      <div className={styles.row}>
        <LinkButton href={`/webhooks/${webhook.id}`}>{t('webhooks.toWebhook')}</LinkButton>
        <Link href={`/deliveries?webhook_id=${webhook.id}`}>{t('webhooks.toDeliveries')}</Link>
      </div>
    </div>
  );
}
