import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Stat, Stats } from '../../ui/stat.js';
import { RelativeTime } from '../../ui/time.js';
import { useResponseTime } from './response-time.js';
import { type Statistics, useQueue } from './statistics.js';

/** The figures of the period, and how the queue stands now. */
export function Figures({ total }: { readonly total: Statistics['total'] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const time = useResponseTime();
  const ended = total.successful_deliveries + total.failed_deliveries;
  return (
    <Stats>
      <Stat
        label={t('overview.deliveries')}
        value={formats.number(ended)}
        detail={t('overview.deliveriesDetail', { failed: formats.number(total.failed_deliveries) })}
      />
      <Stat
        label={t('overview.successRate')}
        value={formats.percent(total.success_rate)}
        detail={t(ended === 0 ? 'overview.noneEnded' : 'overview.ofEnded')}
      />
      <Stat
        label={t('overview.latency')}
        value={time(total.p50_response_time_ms)}
        detail={t('overview.latencyDetail', {
          p95: time(total.p95_response_time_ms),
          p99: time(total.p99_response_time_ms),
        })}
      />
      <QueueStats />
    </Stats>
  );
}

/** How the queue stands now, as two of `Stats`. */
export function QueueStats() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: queue } = useQueue();
  if (queue === undefined) return <Stat label={t('overview.queue')} value="–" />;
  const all = formats.number(queue.waiting + queue.retrying + queue.in_flight);
  return (
    <>
      <Stat
        label={t('overview.queue')}
        value={queue.is_capped ? t('overview.queueCapped', { all }) : all}
        detail={t('overview.queueDetail', {
          retrying: formats.number(queue.retrying),
          claimed: formats.number(queue.in_flight),
        })}
      />
      <Stat
        label={t('overview.oldestDue')}
        value={<RelativeTime iso={queue.oldest_due_at} />}
        detail={queue.oldest_due_at === null ? t('overview.nothingDue') : undefined}
      />
    </>
  );
}
