import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { Stat, Stats } from '../../ui/stat.js';
import { QueueStats } from '../overview/figures.js';
import { useStatistics } from '../overview/statistics.js';
import styles from './operator.module.css';
import { useWorkers } from './workers.js';

const HOURS = 24;

/** The installation in figures: its workers, its queue, and what ended within a day. */
export function Totals() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: statistics } = useStatistics(HOURS);
  const total = statistics?.total;
  return (
    <Stats>
      <WorkersStat />
      <QueueStats />
      <Stat
        label={t('operator.totals.ended')}
        value={total ? formats.number(total.successful_deliveries + total.failed_deliveries) : '–'}
        detail={total && t('operator.totals.failed', { number: formats.number(total.failed_deliveries) })}
      />
      <Stat
        label={t('operator.totals.successRate')}
        value={formats.percent(total?.success_rate ?? null)}
        detail={t('operator.totals.day')}
      />
    </Stats>
  );
}

function WorkersStat() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: workers } = useWorkers();
  if (workers === undefined) return <Stat label={t('operator.totals.workers')} value="–" />;
  const alive = workers.filter(({ is_alive }) => is_alive).length;
  const dead = workers.length - alive;
  let detail: ReactNode = t('operator.totals.beating');
  if (alive === 0) detail = <span className={styles.bad}>{t('operator.totals.noWorker')}</span>;
  else if (dead > 0) {
    detail = (
      <span className={styles.bad}>{t('operator.totals.dead', { count: dead, number: formats.number(dead) })}</span>
    );
  }
  return (
    <Stat
      label={t('operator.totals.workers')}
      value={<Link href="/operator/workers">{formats.number(alive)}</Link>}
      detail={detail}
    />
  );
}
