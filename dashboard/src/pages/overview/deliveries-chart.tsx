import { ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { LinkButton } from '../../ui/button.js';
import { Chart } from '../../ui/chart.js';
import type { Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { type Bucket, bucketsOf } from './buckets.js';
import type { Statistics } from './statistics.js';
import { TableOfChart } from './table-of-chart.js';

/** Longer periods are shown by the day. */
const MOST_HOURS_BY_HOUR = 48;

interface DeliveriesChartProps {
  readonly statistics: Statistics;
  /** When they were read, in milliseconds. */
  readonly readAt: number;
}

/** What ended, by outcome. */
export function DeliveriesChart({ statistics, readAt }: DeliveriesChartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data, hours, total } = statistics;
  if (data.length === 0) {
    return (
      <EmptyState
        icon={ChartColumn}
        title={t('overview.noDeliveries')}
        action={
          <LinkButton href="/try" look="secondary">
            {t('overview.sendTest')}
          </LinkButton>
        }
      >
        {t('overview.noDeliveriesText')}
      </EmptyState>
    );
  }
  const unit = hours <= MOST_HOURS_BY_HOUR ? 'hour' : 'day';
  const buckets = bucketsOf(data, hours, unit, readAt);
  const [nameOf, tickOf] = unit === 'hour' ? [formats.hour, formats.time] : [formats.date, formats.day];
  const columns: Column<Bucket>[] = [
    { id: 'start', header: t(`overview.${unit}`), isRowHeader: true, cell: ({ start }) => nameOf(start) },
    {
      id: 'delivered',
      header: t('overview.delivered'),
      align: 'end',
      cell: ({ successful }) => formats.number(successful),
    },
    { id: 'failed', header: t('overview.failed'), align: 'end', cell: ({ failed }) => formats.number(failed) },
  ];
  const label = t('overview.overTimeLabel', {
    successful: formats.number(total.successful_deliveries),
    failed: formats.number(total.failed_deliveries),
  });
  return (
    <Chart
      kind="bar"
      isStacked
      label={label}
      labels={buckets.map(({ start }) => tickOf(start))}
      series={[
        { name: t('overview.delivered'), values: buckets.map(({ successful }) => successful), color: '--chart-good' },
        { name: t('overview.failed'), values: buckets.map(({ failed }) => failed), color: '--chart-bad' },
      ]}
      format={formats.number}
      table={<TableOfChart caption={label} columns={columns} rows={buckets} keyOf={({ start }) => start} />}
    />
  );
}
