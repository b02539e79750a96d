import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { RelativeTime } from '../../ui/time.js';
import type { Condition, Webhook } from './conditions.js';
import styles from './operator.module.css';
import { TenantLink } from './tenant-link.js';

interface StoppedWebhooksProps {
  readonly condition: Condition;
  readonly webhooks: readonly Webhook[];
}

/** Webhooks in one condition: whose they are, since when, and what is known of it. */
export function StoppedWebhooks({ condition, webhooks }: StoppedWebhooksProps) {
  const { t } = useTranslation();
  const columns: Column<Webhook>[] = [
    {
      id: 'webhook',
      header: t('operator.webhooks.webhook'),
      isRowHeader: true,
      cell: ({ id, name, url }) => (
        <span className={styles.named}>
          <Link href={`/webhooks/${id}`}>{name}</Link>
          <span className={styles.detail}>{url}</span>
        </span>
      ),
    },
    {
      id: 'tenant',
      header: t('operator.tenant'),
      cell: ({ user_id }) => <TenantLink userId={user_id} />,
    },
    {
      id: 'since',
      header: t(condition === 'paused' ? 'operator.webhooks.until' : 'operator.webhooks.since'),
      cell: (webhook) => <RelativeTime iso={timeOf(condition, webhook)} />,
    },
    {
      id: 'detail',
      header: t('operator.webhooks.detail'),
      cell: (webhook) => <Detail condition={condition} webhook={webhook} />,
    },
    {
      id: 'success',
      header: t('operator.webhooks.lastSuccess'),
      cell: ({ last_success_at }) =>
        last_success_at === null ? t('operator.webhooks.never') : <RelativeTime iso={last_success_at} />,
    },
    {
      id: 'failed',
      header: <span className="visually-hidden">{t('operator.actions')}</span>,
      align: 'end',
      cell: ({ id, name }) => (
        <Link
          href={`/deliveries?webhook_id=${id}&status=failed`}
          aria-label={t('operator.webhooks.failedOf', { name })}
        >
          {t('operator.webhooks.failed')}
        </Link>
      ),
    },
  ];
  return (
    <DataTable
      caption={t(`operator.conditions.${condition}.name`)}
      columns={columns}
      rows={webhooks}
      keyOf={({ id }) => id}
    />
  );
}

function timeOf(condition: Condition, webhook: Webhook): string | null {
  switch (condition) {
    case 'breaker_open':
      return webhook.breaker_since;
    case 'paused':
      return webhook.paused_until;
    case 'disabled':
      return webhook.inactive_since;
    case 'unverified':
      return webhook.verification_requested_at ?? webhook.created_at;
    case 'failing':
      return webhook.failing_since;
  }
}

function Detail({ condition, webhook }: { readonly condition: Condition; readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const failures = t('operator.webhooks.failures', {
    count: webhook.consecutive_failures,
    number: formats.number(webhook.consecutive_failures),
  });
  switch (condition) {
    case 'breaker_open':
      return (
        <span className={styles.named}>
          {failures}
          <span className={styles.detail}>
            {t('operator.webhooks.nextProbe')} <RelativeTime iso={webhook.breaker_until} />
          </span>
        </span>
      );
    case 'paused':
      return t('operator.webhooks.retryAfter');
    case 'disabled':
      return reasonOf(webhook.disabled_reason);
    case 'unverified':
      return webhook.verification_error ?? t('operator.webhooks.notAnswered');
    case 'failing':
      return failures;
  }

  function reasonOf(reason: string | null): string {
    return reason === 'gone' || reason === 'failing' ? t(`operator.reasons.${reason}`) : (reason ?? '–');
  }
}
