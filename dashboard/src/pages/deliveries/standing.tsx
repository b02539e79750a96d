import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { DeliveryStatus } from '../../ui/delivery-status.js';
import { DateTime, RelativeTime } from '../../ui/time.js';
import { useWebhook } from '../webhooks/queries.js';
import { Countdown } from './countdown.js';
import styles from './delivery.module.css';
import type { Delivery } from './delivery-types.js';
import { ErrorMeaning } from './error-meaning.js';
import { heldBy } from './held-by.js';

interface StandingProps {
  readonly delivery: Delivery;
  readonly clockAheadMs: number;
}

/** How a delivery stands, and what happens next, in words. */
export function Standing({ delivery, clockAheadMs }: StandingProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { status, attempt_number: made, max_attempts: most } = delivery;
  return (
    <section className={styles.standing} data-status={status} aria-label={t('deliveries.detail.standing')}>
      <div className={styles.headline}>
        <DeliveryStatus status={status} />
        <p className={styles.next}>
          <Next delivery={delivery} clockAheadMs={clockAheadMs} />
        </p>
      </div>
      <dl className={styles.facts}>
        <Fact name={t('deliveries.detail.attempts')}>
          {t('deliveries.attemptsOf', { made: formats.number(made), most: formats.number(most) })}
        </Fact>
        <Fact name={t('deliveries.columns.created')}>
          <DateTime iso={delivery.created_at} />
        </Fact>
        {delivery.attempted_at !== null && (
          <Fact name={t('deliveries.detail.lastAttempt')}>
            <RelativeTime iso={delivery.attempted_at} />
          </Fact>
        )}
        {delivery.response_status !== null && (
          <Fact name={t('deliveries.columns.outcome')}>
            <code>{delivery.response_status}</code> · {formats.milliseconds(delivery.response_time_ms)}
          </Fact>
        )}
      </dl>
      <ErrorMeaning of={delivery} />
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What happens next, in a sentence. */
function Next({ delivery, clockAheadMs }: StandingProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { status, next_retry_at: due } = delivery;
  const isOpen = status === 'pending' || status === 'retrying';
  const webhook = useWebhook(isOpen ? delivery.webhook_id : undefined).data?.webhook;
  if (status === 'success') {
    return t('deliveries.next.success', {
      count: delivery.attempt_number,
      time: formats.dateTime(delivery.delivered_at ?? delivery.created_at),
    });
  }
  if (status === 'failed')
    return t(delivery.response_status === 410 ? 'deliveries.next.gone' : 'deliveries.next.failed');
  const held = webhook && heldBy(webhook, Math.max(Date.now() + clockAheadMs, Date.parse(due ?? '') || 0));
  if (held !== undefined)
    return t(`deliveries.next.${held.why}`, { until: held.until ? formats.dateTime(held.until) : '' });
  if (due === null) return t('deliveries.next.pending');
  return (
    <Countdown
      until={due}
      aheadMs={clockAheadMs}
      label={t('deliveries.next.retrying', { number: formats.number(delivery.attempt_number + 1) })}
    />
  );
}
