import { Link2, OctagonPause } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { RelativeTime } from '../../ui/time.js';
import styles from './operator.module.css';
import { nameOf, type Tenant } from './tenants.js';

interface TenantsTableProps {
  readonly tenants: readonly Tenant[];
  /** Wants a portal link for one. */
  readonly onPortal: (tenant: Tenant) => void;
}

export function TenantsTable({ tenants, onPortal }: TenantsTableProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const columns: Column<Tenant>[] = [
    {
      id: 'tenant',
      header: t('operator.tenant'),
      isRowHeader: true,
      cell: ({ user_id, external_user_id }) => (
        <span className={styles.named}>
          {external_user_id !== null && <strong>{external_user_id}</strong>}
          <code className={external_user_id === null ? undefined : styles.detail}>{user_id}</code>
        </span>
      ),
    },
    {
      id: 'webhooks',
      header: t('operator.tenants.webhooks'),
      cell: (tenant) => <WebhooksOf tenant={tenant} />,
    },
    {
      id: 'delivered',
      header: t('operator.tenants.delivered'),
      align: 'end',
      cell: (tenant) => <DeliveriesOf tenant={tenant} status="success" count={tenant.successful_deliveries} />,
    },
    {
      id: 'failed',
      header: t('operator.tenants.failed'),
      align: 'end',
      cell: (tenant) => <DeliveriesOf tenant={tenant} status="failed" count={tenant.failed_deliveries} />,
    },
    {
      id: 'last',
      header: t('operator.tenants.lastDelivery'),
      cell: ({ last_delivery_at }) => <RelativeTime iso={last_delivery_at} />,
    },
    {
      id: 'since',
      header: t('operator.tenants.since'),
      cell: ({ created_at }) =>
        created_at === null ? '–' : <time dateTime={created_at}>{formats.date(created_at)}</time>,
    },
    {
      id: 'actions',
      header: <span className="visually-hidden">{t('operator.actions')}</span>,
      align: 'end',
      cell: (tenant) => (
        <Button
          look="secondary"
          className={styles.inRow}
          icon={Link2}
          aria-label={t('operator.portal.for', { name: nameOf(tenant) })}
          onClick={() => onPortal(tenant)}
        >
          {t('operator.portal.open')}
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      caption={t('operator.tenants.title')}
      columns={columns}
      rows={tenants}
      keyOf={({ user_id }) => user_id}
    />
  );
}

function WebhooksOf({ tenant }: { readonly tenant: Tenant }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { user_id, webhooks, active_webhooks, stopped_webhooks } = tenant;
  if (webhooks === 0) return t('operator.tenants.noWebhook');
  const shown = t('operator.tenants.active', {
    active: formats.number(active_webhooks),
    all: formats.number(webhooks),
  });
  return (
    <span className={styles.inline}>
      <Link
        href={`/webhooks?user_id=${user_id}`}
        aria-label={t('operator.tenants.webhooksOf', { shown, name: nameOf(tenant) })}
      >
        {shown}
      </Link>
      {stopped_webhooks > 0 && (
        <Badge tone="warn" icon={OctagonPause}>
          {t('operator.tenants.stopped', { count: stopped_webhooks, number: formats.number(stopped_webhooks) })}
        </Badge>
      )}
    </span>
  );
}

interface DeliveriesOfProps {
  readonly tenant: Tenant;
  readonly status: 'success' | 'failed';
  readonly count: number;
}

function DeliveriesOf({ tenant, status, count }: DeliveriesOfProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const number = formats.number(count);
  if (count === 0) return number;
  return (
    <Link
      href={`/deliveries?user_id=${tenant.user_id}&status=${status}`}
      aria-label={t(`operator.tenants.deliveriesOf.${status}`, { name: nameOf(tenant), number })}
    >
      {number}
    </Link>
  );
}
