import { ArrowUp, Radio, Repeat, RotateCw, SearchX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayWrite } from '../../session/session-context.js';
import { Button, LinkButton } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { LiveBadge } from '../../ui/live-badge.js';
import { Page } from '../../ui/page.js';
import { Pager, usePages } from '../../ui/pager.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import { QueryView } from '../../ui/query-view.js';
import { say } from '../../ui/say.js';
import { BulkReplayDialog } from './bulk-replay-dialog.js';
import styles from './deliveries-page.module.css';
import { DeliveriesTable } from './deliveries-table.js';
import { type DeliverySummary, mayBeRetried } from './delivery-types.js';
import { FilterBar } from './filter-bar.js';
import { useFilters } from './filters.js';
import { isCut } from './find-deliveries.js';
import { LookFurther } from './look-further.js';
import { RetryChosenDialog } from './retry-chosen-dialog.js';
import { retryDelivery } from './retry-deliveries.js';
import { readListAgain, useDeliveryList } from './use-delivery-list.js';

const NONE: ReadonlySet<string> = new Set();

/** Every call to every webhook that the session may see, newest first. */
export function DeliveriesPage() {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [filters, setFilters] = useFilters();
  const pages = usePages(JSON.stringify(filters), 'deliveries');
  const [wanted, setChosen] = useState(NONE);
  const [dialog, setDialog] = useState<'retry' | 'replay'>();
  const [refusal, setRefusal] = useState<unknown>();
  const [retrying, setRetrying] = useState(NONE);
  const { query, further, state, hasNewer } = useDeliveryList(filters, pages, wanted.size > 0);
  const rows = query.data?.rows ?? [];
  // What has gone from the page, or has not failed any more, is not chosen any more either.
  const chosen = new Set(rows.filter((row) => wanted.has(row.id) && mayBeRetried(row)).map(({ id }) => id));

  const isNoneLeft = wanted.size > 0 && chosen.size === 0 && query.data !== undefined && !query.isPlaceholderData;
  useEffect(() => {
    // Else the list would stand still for what nobody sees.
    if (isNoneLeft) setChosen(NONE);
  }, [isNoneLeft]);

  function toNewest(): void {
    setChosen(NONE);
    pages.toFirst();
    void readListAgain();
  }
  async function retryOne(row: DeliverySummary): Promise<void> {
    setRefusal(undefined);
    setRetrying((before) => new Set(before).add(row.id));
    try {
      await retryDelivery(row.id);
      say(t('deliveries.retried'));
    } catch (error) {
      setRefusal(error);
    }
    await readListAgain();
    setRetrying((before) => new Set([...before].filter((id) => id !== row.id)));
  }

  return (
    <Page
      title={t('deliveries.title')}
      lead={t('deliveries.lead')}
      actions={
        <>
          <LiveBadge state={state} />
          {mayWrite && (
            <Button look="secondary" icon={Repeat} onClick={() => setDialog('replay')}>
              {t('deliveries.bulkReplay')}
            </Button>
          )}
        </>
      }
    >
      <FilterBar filters={filters} onChange={setFilters} />
      {refusal !== undefined && <ProblemNotice error={refusal} />}
      <div className={styles.bars}>
        {chosen.size > 0 && (
          <section className={styles.chosen} aria-label={t('deliveries.chosenLabel')}>
            <span role="status">{t('deliveries.chosen', { count: chosen.size })}</span>
            <Button icon={RotateCw} onClick={() => setDialog('retry')}>
              {t('deliveries.retryChosen.open')}
            </Button>
            <Button look="ghost" onClick={() => setChosen(NONE)}>
              {t('deliveries.chooseNone')}
            </Button>
          </section>
        )}
        {hasNewer && (
          <p className={styles.newer} role="status">
            {t(chosen.size > 0 ? 'deliveries.newerHeld' : 'deliveries.newer')}
            <Button look="ghost" icon={ArrowUp} onClick={toNewest}>
              {t('deliveries.toNewest')}
            </Button>
          </p>
        )}
      </div>
      <QueryView query={query}>
        {(page) => (
          <div className={styles.list} data-stale={query.isPlaceholderData}>
            {page.rows.length > 0 && (
              <DeliveriesTable
                rows={page.rows}
                chosen={chosen}
                onChoose={setChosen}
                retrying={retrying}
                onRetry={(row) => void retryOne(row)}
              />
            )}
            {isCut(page) ? (
              <LookFurther
                page={page}
                busy={further.isPending}
                error={further.error}
                onGo={() => further.mutate(page)}
              />
            ) : (
              page.rows.length === 0 && <Nothing isFiltered={Object.keys(filters).length > 0} />
            )}
            <Pager pages={pages} next={isCut(page) ? null : page.next} />
          </div>
        )}
      </QueryView>
      {dialog === 'retry' && (
        <RetryChosenDialog
          ids={[...chosen]}
          onClose={(retriedAny) => {
            setDialog(undefined);
            if (retriedAny) setChosen(NONE);
          }}
        />
      )}
      {dialog === 'replay' && <BulkReplayDialog webhookId={filters.webhook_id} onClose={() => setDialog(undefined)} />}
    </Page>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const { t } = useTranslation();
  if (isFiltered) {
    return (
      <EmptyState icon={SearchX} title={t('deliveries.noneMatch')}>
        {t('deliveries.noneMatchText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Radio}
      title={t('deliveries.none')}
      action={<LinkButton href="/try">{t('deliveries.noneAction')}</LinkButton>}
    >
      {t('deliveries.noneText')}
    </EmptyState>
  );
}
