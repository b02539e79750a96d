import { Timer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Chart } from '../../ui/chart.js';
import type { Column } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { hoursUntil } from './buckets.js';
import { useResponseTime } from './response-time.js';
import type { Hour, Statistics } from './statistics.js';
import { TableOfChart } from './table-of-chart.js';

const LINES = [
  { name: 'p50', color: '--chart-1' },
  { name: 'p95', color: '--chart-2' },
  { name: 'p99', color: '--chart-3' },
] as const;

const HOURS_OF_A_DAY = 24;

interface LatencyChartProps {
  readonly statistics: Statistics;
  /** When they were read, in milliseconds. */
  readonly readAt: number;
}

/** Percentiles of response times by the hour, in every period: those of a day cannot be told from those of its hours. */
export function LatencyChart({ statistics: { data, hours, total }, readAt }: LatencyChartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const time = useResponseTime();
  if (total.p50_response_time_ms === null) {
    return (
      <EmptyState icon={Timer} title={t('overview.noDeliveries')}>
        {t('overview.noDeliveriesText')}
      </EmptyState>
    );
  }
  const starts = hoursUntil(readAt, hours);
  const told = new Map(data.map((hour) => [Date.parse(hour.hour), hour]));
  const columns: Column<Hour>[] = [
    { id: 'hour', header: t('overview.hour'), isRowHeader: true, cell: ({ hour }) => formats.hour(hour) },
    ...LINES.map(
      ({ name }): Column<Hour> => ({
        id: name,
        header: t(`overview.${name}`),
        align: 'end',
        cell: (hour) => time(hour[`${name}_response_time_ms`]),
      }),
    ),
  ];
  const label = t('overview.latencyLabel', {
    p50: time(total.p50_response_time_ms),
    p95: time(total.p95_response_time_ms),
    p99: time(total.p99_response_time_ms),
  });
  return (
    <Chart
      kind="line"
      label={label}
      labels={starts.map(hours <= HOURS_OF_A_DAY ? formats.time : formats.hour)}
      series={LINES.map(({ name, color }) => ({
        name: t(`overview.${name}`),
        values: starts.map((start) => told.get(Date.parse(start))?.[`${name}_response_time_ms`] ?? null),
        color,
      }))}
      format={time}
      table={<TableOfChart caption={label} columns={columns} rows={data} keyOf={({ hour }) => hour} />}
    />
  );
}
