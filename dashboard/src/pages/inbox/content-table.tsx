import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useIsOperator } from '../../session/session-context.js';
import { Badge } from '../../ui/badge.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { RelativeTime } from '../../ui/time.js';
import type { ContentSummary } from './contents.js';
import styles from './inbox.module.css';
import { Reason } from './reason.js';
import { CallbackBadge, EventBadge } from './states.js';

interface ContentTableProps {
  readonly contents: readonly ContentSummary[];
  readonly newcomers: ReadonlySet<string>;
}

/** Received webhooks, one a row. */
export function ContentTable({ contents, newcomers }: ContentTableProps) {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  const columns: Column<ContentSummary>[] = [
    {
      id: 'title',
      header: t('inbox.content'),
      isRowHeader: true,
      cell: ({ id, title, category, repeats }) => (
        <span className={styles.cell}>
          <span className={styles.line}>
            <Link href={`/inbox/${id}`} className={styles.title}>
              {title || t('inbox.untitled')}
            </Link>
            {newcomers.has(id) && <Badge tone="info">{t('inbox.new')}</Badge>}
          </span>
          <span className={styles.quiet}>
            #{id}
            {category !== null && ` · ${category}`}
            {repeats > 0 && ` · ${t('inbox.repeated', { count: repeats })}`}
          </span>
        </span>
      ),
    },
    {
      id: 'event-name',
      header: t('inbox.eventName'),
      cell: (row) => (row.event_name ? <code className={styles.eventName}>{row.event_name}</code> : '–'),
    },
    { id: 'callback', header: t('inbox.callback'), cell: (row) => <Callback content={row} /> },
    { id: 'event', header: t('inbox.event'), cell: (row) => <Event content={row} /> },
    ...(isOperator
      ? [{ id: 'user', header: t('inbox.user'), cell: (row: ContentSummary) => <User id={row.user_id} /> }]
      : []),
    { id: 'came', header: t('inbox.came'), cell: (row) => <RelativeTime iso={row.created_at} /> },
  ];
  return (
    <DataTable
      caption={t('inbox.received')}
      columns={columns}
      rows={contents}
      keyOf={({ id }) => id}
      isNew={({ id }) => newcomers.has(id)}
    />
  );
}

/** Its beginning tells users apart; all of it stands on the page of the content. */
function User({ id }: { readonly id: string | null }) {
  if (id === null) return '–';
  return (
    <code className={styles.user} title={id}>
      {id}
    </code>
  );
}

function Callback({ content }: { readonly content: ContentSummary }) {
  const { t } = useTranslation();
  const { callback_state: state, callback_attempts: attempts, callback_error: error } = content;
  return (
    <span className={styles.cell}>
      <CallbackBadge state={state} />
      {error !== null && state !== 'done' && <Reason code={error} />}
      {state === 'pending' && attempts > 0 && (
        <span className={styles.quiet}>{t('inbox.triedTimes', { count: attempts })}</span>
      )}
    </span>
  );
}

function Event({ content }: { readonly content: ContentSummary }) {
  const { t } = useTranslation();
  const { event_id: eventId, event_state: state, event_error: error } = content;
  return (
    <span className={styles.cell}>
      <EventBadge state={state} />
      {eventId !== null && <Link href={`/deliveries?event_id=${eventId}`}>{t('inbox.deliveries')}</Link>}
      {error !== null && state !== 'done' && <Reason code={error} />}
    </span>
  );
}
