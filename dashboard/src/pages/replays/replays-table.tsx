import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { useIsOperator, useMayWrite } from '../../session/session-context.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { RelativeTime } from '../../ui/time.js';
import { TenantLink } from '../operator/tenant-link.js';
import { CancelReplay } from './cancel-replay.js';
import { ReplayProgress } from './replay-progress.js';
import { ReplayState } from './replay-state.js';
import { deliveriesOf, isRunning, type Replay } from './replays.js';
import styles from './replays.module.css';
import { useWebhookNames } from './webhook-names.js';

/** Replays with their progress, and the way to end them; for the operator with whose they are. */
export function ReplaysTable({ replays }: { readonly replays: readonly Replay[] }) {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  const mayWrite = useMayWrite();
  const names = useWebhookNames(replays.map(({ webhook_id }) => webhook_id));
  const nameOf = ({ webhook_id }: Replay): string => names.get(webhook_id) ?? `${webhook_id.slice(0, 8)}…`;
  const tenant: Column<Replay> = {
    id: 'tenant',
    header: t('replays.tenant'),
    cell: ({ user_id }) => <TenantLink userId={user_id} />,
  };
  const columns: Column<Replay>[] = [
    {
      id: 'webhook',
      header: t('replays.webhook'),
      isRowHeader: true,
      cell: (replay) => (
        <span className={styles.named}>
          <Link href={`/webhooks/${replay.webhook_id}`}>{nameOf(replay)}</Link>
          <What replay={replay} />
        </span>
      ),
    },
    ...(isOperator ? [tenant] : []),
    { id: 'state', header: t('replays.state'), cell: (replay) => <ReplayState replay={replay} /> },
    {
      id: 'progress',
      header: t('replays.progressColumn'),
      cell: (replay) => <ReplayProgress replay={replay} name={nameOf(replay)} />,
    },
    { id: 'begun', header: t('replays.begun'), cell: ({ created_at }) => <RelativeTime iso={created_at} /> },
    {
      id: 'actions',
      header: <span className="visually-hidden">{t('replays.actions')}</span>,
      align: 'end',
      cell: (replay) => (
        <span className={styles.actions}>
          <Link href={deliveriesOf(replay)} aria-label={t('replays.deliveriesOf', { name: nameOf(replay) })}>
            {t('replays.deliveries')}
          </Link>
          {mayWrite && isRunning(replay) && <CancelReplay replay={replay} name={nameOf(replay)} />}
        </span>
      ),
    },
  ];
  return <DataTable caption={t('replays.title')} columns={columns} rows={replays} keyOf={({ id }) => id} />;
}

/** Which deliveries are sent again. */
function What({ replay: { status_filter, since, until } }: { readonly replay: Replay }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const what = t(`replays.what.${status_filter}`);
  return (
    <span className={styles.detail}>
      {since === null
        ? t('replays.until', { what, until: formats.dateTime(until) })
        : t('replays.between', { what, since: formats.dateTime(since), until: formats.dateTime(until) })}
    </span>
  );
}
