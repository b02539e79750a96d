import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { useMayWrite } from '../../session/session-context.js';
import { IconButton } from '../../ui/button.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { DeliveryStatus } from '../../ui/delivery-status.js';
import { RelativeTime } from '../../ui/time.js';
import styles from './deliveries-table.module.css';
import { type DeliverySummary, mayBeRetried } from './delivery-types.js';
import { Outcome } from './outcome.js';

interface DeliveriesTableProps {
  readonly rows: readonly DeliverySummary[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  /** Those that are being retried. */
  readonly retrying: ReadonlySet<string>;
  readonly onRetry: (row: DeliverySummary) => void;
}

/** Deliveries, one a row. Only failed ones have a box: no other may be tried again. */
export function DeliveriesTable({ rows, chosen, onChoose, retrying, onRetry }: DeliveriesTableProps) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const columns = useColumns();
  const retry: Column<DeliverySummary> = {
    id: 'retry',
    header: <span className="visually-hidden">{t('deliveries.columns.actions')}</span>,
    cell: (row) =>
      mayBeRetried(row) && (
        <IconButton
          icon={RotateCw}
          label={t('deliveries.retryOne', { name: nameOf(row) })}
          busy={retrying.has(row.id)}
          onClick={() => onRetry(row)}
        />
      ),
  };
  const selection = {
    chosen,
    onChange: onChoose,
    labelOf: (row: DeliverySummary) => t('deliveries.choose', { name: nameOf(row) }),
    allLabel: t('deliveries.chooseAll'),
    mayChoose: mayBeRetried,
  };
  return (
    <DataTable
      caption={t('deliveries.title')}
      columns={mayWrite ? [...columns, retry] : columns}
      rows={rows}
      keyOf={({ id }) => id}
      {...(mayWrite && { selection })}
    />
  );
}

function nameOf({ event_type, id }: DeliverySummary): string {
  return `${event_type} ${shortId(id)}`;
}

/** The last of an id, which tells two of one time apart. */
function shortId(id: string): string {
  return id.slice(-8);
}

function useColumns(): readonly Column<DeliverySummary>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  return [
    { id: 'status', header: t('deliveries.columns.status'), cell: (row) => <DeliveryStatus status={row.status} /> },
    {
      id: 'event',
      header: t('deliveries.columns.event'),
      isRowHeader: true,
      cell: (row) => (
        <span className={styles.stack}>
          <Link href={`/deliveries/${row.id}`} className={styles.name}>
            {row.event_type}
          </Link>
          <span className={styles.detail}>
            <code title={row.id}>{shortId(row.id)}</code>
            {row.replay_of && ` · ${t('deliveries.isReplay')}`}
          </span>
        </span>
      ),
    },
    {
      id: 'endpoint',
      header: t('deliveries.columns.endpoint'),
      cell: (row) => (
        <Link href={`/webhooks/${row.webhook_id}`} className={styles.endpoint} title={row.request_url}>
          {withoutScheme(row.request_url)}
        </Link>
      ),
    },
    { id: 'outcome', header: t('deliveries.columns.outcome'), cell: (row) => <Outcome of={row} /> },
    {
      id: 'attempts',
      header: t('deliveries.columns.attempts'),
      align: 'end',
      cell: (row) =>
        t('deliveries.attemptsOf', {
          made: formats.number(row.attempt_number),
          most: formats.number(row.max_attempts),
        }),
    },
    {
      id: 'created',
      header: t('deliveries.columns.created'),
      align: 'end',
      cell: (row) => <RelativeTime iso={row.created_at} />,
    },
  ];
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
