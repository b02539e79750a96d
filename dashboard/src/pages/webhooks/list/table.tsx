import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../../i18n/formats.js';
import { useIsOperator } from '../../../session/session-context.js';
import { type Column, DataTable } from '../../../ui/data-table.js';
import { RelativeTime } from '../../../ui/time.js';
import type { Webhook } from '../queries.js';
import { successRateOf } from '../state.js';
import { StateBadges } from '../state-badges.js';
import styles from './table.module.css';

export function WebhookTable({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const isOperator = useIsOperator();
  const columns: readonly Column<Webhook>[] = [
    { id: 'name', header: t('webhooks.name'), isRowHeader: true, cell: (webhook) => <Name webhook={webhook} /> },
    { id: 'state', header: t('webhooks.state'), cell: (webhook) => <StateBadges webhook={webhook} /> },
    ...(isOperator ? [{ id: 'owner', header: t('webhooks.owner'), cell: Owner }] : []),
    {
      id: 'events',
      header: t('webhooks.events'),
      align: 'end',
      cell: ({ subscribed_event_types }) => formats.number(subscribed_event_types),
    },
    {
      id: 'rate',
      header: t('webhooks.successRate'),
      align: 'end',
      cell: (webhook) => formats.percent(successRateOf(webhook)),
    },
    {
      id: 'last',
      header: t('webhooks.lastDelivery'),
      cell: ({ last_delivery_at }) =>
        last_delivery_at === null ? t('webhooks.never') : <RelativeTime iso={last_delivery_at} />,
    },
  ];
  return <DataTable caption={t('webhooks.list')} columns={columns} rows={webhooks} keyOf={({ id }) => id} />;
}

function Name({ webhook: { id, name, url } }: { readonly webhook: Webhook }) {
  return (
    <span className={styles.name}>
      <Link href={`/webhooks/${id}`}>{name}</Link>
      <span className={styles.url} title={url}>
        {url}
      </span>
    </span>
  );
}

function Owner({ user_id: user }: Webhook) {
  return (
    <Link href={`/webhooks?user_id=${user}`} className="mono" title={user}>
      {user.slice(0, 8)}…
    </Link>
  );
}
