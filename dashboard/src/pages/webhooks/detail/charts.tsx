import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../i18n/formats.js';
import { Chart } from '../../../ui/chart.js';
import { type Column, DataTable } from '../../../ui/data-table.js';
import { type Day, daysOf, type Hour, lastHours } from './days.js';

const MOST_TYPES = 10;

export function DaysChart({ hours, days }: { readonly hours: readonly Hour[]; readonly days: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rows = daysOf(hours, days, Date.now());
  const total = (of: (day: Day) => number): number => rows.reduce((sum, day) => sum + of(day), 0);
  const columns: readonly Column<Day>[] = [
    { id: 'day', header: t('webhooks.charts.day'), isRowHeader: true, cell: ({ noon }) => formats.date(noon) },
    { id: 'ok', header: t('webhooks.successful'), align: 'end', cell: (day) => formats.number(day.successful) },
    { id: 'failed', header: t('webhooks.failed'), align: 'end', cell: (day) => formats.number(day.failed) },
  ];
  const told = { successful: total((day) => day.successful), failed: total((day) => day.failed), count: days };
  return (
    <Chart
      kind="bar"
      isStacked
      label={t('webhooks.charts.daysLabel', told)}
      labels={rows.map(({ noon }) => formats.day(noon))}
      series={[
        { name: t('webhooks.successful'), color: '--chart-good', values: rows.map((day) => day.successful) },
        { name: t('webhooks.failed'), color: '--chart-bad', values: rows.map((day) => day.failed) },
      ]}
      format={formats.number}
      table={<DataTable caption={t('webhooks.charts.days')} columns={columns} rows={rows} keyOf={({ noon }) => noon} />}
    />
  );
}

interface EventTypesChartProps {
  readonly types: Readonly<Record<string, number>>;
  readonly days: number;
}

export function EventTypesChart({ types, days }: EventTypesChartProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rows = Object.entries(types).sort(([, one], [, other]) => other - one);
  const shown = rows.slice(0, MOST_TYPES);
  const columns: readonly Column<[string, number]>[] = [
    { id: 'type', header: t('webhooks.eventType'), isRowHeader: true, cell: ([type]) => <code>{type}</code> },
    { id: 'count', header: t('webhooks.deliveries'), align: 'end', cell: ([, count]) => formats.number(count) },
  ];
  return (
    <Chart
      kind="bar"
      isHorizontal
      label={t('webhooks.charts.typesLabel', { days, first: rows[0]?.[0] ?? '', count: rows[0]?.[1] ?? 0 })}
      labels={shown.map(([type]) => type)}
      series={[{ name: t('webhooks.deliveries'), color: '--chart-1', values: shown.map(([, count]) => count) }]}
      format={formats.number}
      table={<DataTable caption={t('webhooks.charts.types')} columns={columns} rows={rows} keyOf={([type]) => type} />}
    />
  );
}

export function LatencyChart({ hours }: { readonly hours: readonly Hour[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rows = lastHours(hours, Date.now());
  type Row = (typeof rows)[number];
  const slowest = Math.max(...rows.map(({ hour }) => hour?.p95_response_time_ms ?? 0));
  const time = (row: Row, of: 'p50_response_time_ms' | 'p95_response_time_ms') => row.hour?.[of] ?? null;
  const columns: readonly Column<Row>[] = [
    { id: 'hour', header: t('webhooks.charts.hour'), isRowHeader: true, cell: ({ start }) => formats.hour(start) },
    ...(['p50_response_time_ms', 'p95_response_time_ms'] as const).map((of) => ({
      id: of,
      header: t(`webhooks.charts.${of}`),
      align: 'end' as const,
      cell: (row: Row) => formats.milliseconds(time(row, of)),
    })),
  ];
  return (
    <Chart
      kind="line"
      label={t('webhooks.charts.latencyLabel', { slowest: formats.milliseconds(slowest || null) })}
      labels={rows.map(({ start }) => formats.time(start))}
      series={[
        {
          name: t('webhooks.charts.p50_response_time_ms'),
          color: '--chart-1',
          values: rows.map((row) => time(row, 'p50_response_time_ms')),
        },
        {
          name: t('webhooks.charts.p95_response_time_ms'),
          color: '--chart-2',
          values: rows.map((row) => time(row, 'p95_response_time_ms')),
        },
      ]}
      format={formats.milliseconds}
      table={
        <DataTable caption={t('webhooks.charts.latency')} columns={columns} rows={rows} keyOf={({ start }) => start} />
      }
    />
  );
}
