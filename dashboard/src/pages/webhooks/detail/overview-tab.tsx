import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../i18n/formats.js';
import { Section } from '../../../ui/page.js';
import { Stat, Stats } from '../../../ui/stat.js';
import { RelativeTime } from '../../../ui/time.js';
import type { VersionedWebhook } from '../queries.js';
import { successRateOf } from '../state.js';
import { StateAdvice } from './state-advice.js';
import { Statistics } from './statistics.js';
import { VerificationProgress } from './verification-progress.js';

/** How a webhook stands and what to do about it, its figures and charts. */
export function OverviewTab({ webhook }: VersionedWebhook) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <>
      <Section title={t('webhooks.parts.state')}>
        <StateAdvice webhook={webhook} />
        <VerificationProgress webhook={webhook} />
      </Section>
      <Stats>
        <Stat
          label={t('webhooks.successRate')}
          value={formats.percent(successRateOf(webhook))}
          detail={t('webhooks.ofDeliveries', { count: webhook.total_deliveries })}
        />
        <Stat label={t('webhooks.failed')} value={formats.number(webhook.failed_deliveries)} />
        <Stat
          label={t('webhooks.consecutiveFailures')}
          value={formats.number(webhook.consecutive_failures)}
          detail={
            webhook.last_failure_at && (
              <>
                {t('webhooks.lastFailure')} <RelativeTime iso={webhook.last_failure_at} />
              </>
            )
          }
        />
        <Stat
          label={t('webhooks.lastDelivery')}
          value={
            webhook.last_delivery_at === null ? t('webhooks.never') : <RelativeTime iso={webhook.last_delivery_at} />
          }
        />
      </Stats>
      <Statistics webhookId={webhook.id} />
    </>
  );
}
