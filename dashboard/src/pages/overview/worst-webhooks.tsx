import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { useIsOperator } from '../../session/session-context.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { TenantLink } from '../operator/tenant-link.js';
import styles from './overview.module.css';
import { useResponseTime } from './response-time.js';
import type { Statistics } from './statistics.js';

type Worst = Statistics['worst_webhooks'][number];

/** The webhooks with most failures, with the ways to them and to what failed. */
export function WorstWebhooks({ webhooks }: { readonly webhooks: readonly Worst[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const time = useResponseTime();
  const isOperator = useIsOperator();
  if (webhooks.length === 0) return <p className={styles.nothing}>{t('overview.worstNone')}</p>;
  const tenant: Column<Worst> = {
    id: 'tenant',
    header: t('overview.tenant'),
    cell: ({ user_id }) => <TenantLink userId={user_id} />,
  };
  const columns: Column<Worst>[] = [
    {
      id: 'webhook',
      header: t('overview.webhook'),
      isRowHeader: true,
      cell: ({ webhook_id, name, url }) => (
        <span className={styles.named}>
          <Link href={`/webhooks/${webhook_id}`}>{name}</Link>
          <span className={styles.url}>{url}</span>
        </span>
      ),
    },
    ...(isOperator ? [tenant] : []),
    {
      id: 'failed',
      header: t('overview.failed'),
      align: 'end',
      cell: ({ webhook_id, name, failed_deliveries }) => {
        const failed = formats.number(failed_deliveries);
        return (
          <Link
            href={`/deliveries?webhook_id=${webhook_id}&status=failed`}
            aria-label={t('overview.failuresOf', { name, failed })}
          >
            {failed}
          </Link>
        );
      },
    },
    {
      id: 'delivered',
      header: t('overview.delivered'),
      align: 'end',
      cell: ({ successful_deliveries }) => formats.number(successful_deliveries),
    },
    {
      id: 'rate',
      header: t('overview.successRate'),
      align: 'end',
      cell: ({ success_rate }) => formats.percent(success_rate),
    },
    {
      id: 'p95',
      header: t('overview.p95Column'),
      align: 'end',
      cell: ({ p95_response_time_ms }) => time(p95_response_time_ms),
    },
  ];
  return (
    <DataTable caption={t('overview.worst')} columns={columns} rows={webhooks} keyOf={({ webhook_id }) => webhook_id} />
  );
}
