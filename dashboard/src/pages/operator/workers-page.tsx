import { HeartPulse, Moon, ServerOff, Skull } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Badge } from '../../ui/badge.js';
import { CodeBlock } from '../../ui/code-block.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page, Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { RelativeTime } from '../../ui/time.js';
import styles from './operator.module.css';
import { OperatorNav } from './operator-nav.js';
import { useWorkers, type Worker } from './workers.js';

/** The workers and their heartbeats, read every five seconds. */
export function WorkersPage() {
  const { t } = useTranslation();
  const query = useWorkers();
  return (
    <Page title={t('operator.workers.title')} above={<OperatorNav />} lead={t('operator.workers.lead')}>
      <Section title={t('operator.workers.list')} isTitleHidden>
        <QueryView query={query}>
          {(workers) => (workers.length === 0 ? <NoWorker /> : <Workers workers={workers} />)}
        </QueryView>
      </Section>
    </Page>
  );
}

function Workers({ workers }: { readonly workers: readonly Worker[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const share = (calls: number | null) => (calls === null ? t('operator.workers.noShare') : formats.number(calls));
  const columns: Column<Worker>[] = [
    {
      id: 'name',
      header: t('operator.workers.name'),
      isRowHeader: true,
      cell: ({ name, id }) => (
        <span className={styles.named}>
          {name}
          <code className={styles.detail}>{id}</code>
        </span>
      ),
    },
    { id: 'state', header: t('operator.workers.state'), cell: (worker) => <WorkerState worker={worker} /> },
    {
      id: 'heartbeat',
      header: t('operator.workers.heartbeat'),
      cell: ({ heartbeat_at }) => <RelativeTime iso={heartbeat_at} />,
    },
    {
      id: 'started',
      header: t('operator.workers.started'),
      cell: ({ started_at }) => <RelativeTime iso={started_at} />,
    },
    {
      id: 'claimed',
      header: t('operator.workers.claimed'),
      align: 'end',
      cell: ({ in_flight }) => formats.number(in_flight),
    },
    {
      id: 'perWebhook',
      header: t('operator.workers.perWebhook'),
      align: 'end',
      cell: ({ calls_per_webhook }) => share(calls_per_webhook),
    },
    {
      id: 'perUser',
      header: t('operator.workers.perUser'),
      align: 'end',
      cell: ({ calls_per_user }) => share(calls_per_user),
    },
    {
      id: 'rollbacks',
      header: t('operator.workers.rollbacks'),
      align: 'end',
      cell: ({ rollbacks }) => formats.number(rollbacks),
    },
  ];
  return <DataTable caption={t('operator.workers.title')} columns={columns} rows={workers} keyOf={({ id }) => id} />;
}

function WorkerState({ worker: { is_alive, is_idle } }: { readonly worker: Worker }) {
  const { t } = useTranslation();
  if (!is_alive) {
    return (
      <span className={styles.named}>
        <Badge tone="bad" icon={Skull}>
          {t('operator.workers.dead')}
        </Badge>
        <span className={styles.detail}>{t('operator.workers.deadText')}</span>
      </span>
    );
  }
  return is_idle ? (
    <Badge tone="neutral" icon={Moon}>
      {t('operator.workers.idle')}
    </Badge>
  ) : (
    <Badge tone="good" icon={HeartPulse}>
      {t('operator.workers.alive')}
    </Badge>
  );
}

function NoWorker() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={ServerOff}
      title={t('operator.workers.none')}
      action={<CodeBlock label={t('operator.workers.command')} text="hookline worker" />}
    >
      {t('operator.workers.noneText')}
    </EmptyState>
  );
}
