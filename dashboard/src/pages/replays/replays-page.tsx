import { Repeat } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useIsOperator } from '../../session/session-context.js';
import { Button, LinkButton } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Field, Select } from '../../ui/field.js';
import { Page, Section } from '../../ui/page.js';
import { PAGE_SIZE, Pager, usePages } from '../../ui/pager.js';
import { QueryView } from '../../ui/query-view.js';
import { REPLAY_STATES, useReplays } from './replays.js';
import styles from './replays.module.css';
import { ReplaysTable } from './replays-table.js';

/** Bulk replays: the user's own, or everybody's for the operator. */
export function ReplaysPage() {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  const [search, setSearch] = useSearchParams();
  const state = REPLAY_STATES.find((one) => one === search.get('state'));
  const pages = usePages(state ?? '');
  const query = useReplays({ state, cursor: pages.cursor, limit: PAGE_SIZE });
  const choose = (value: string): void => setSearch(value === '' ? {} : { state: value }, { replace: true });
  return (
    <Page title={t('replays.title')} lead={t(isOperator ? 'replays.leadOperator' : 'replays.lead')}>
      <Section title={t('replays.list')} isTitleHidden>
        <div className={styles.filters}>
          <Field label={t('replays.state')}>
            {(control) => (
              <Select {...control} value={state ?? ''} onChange={(event) => choose(event.target.value)}>
                <option value="">{t('app.all')}</option>
                {REPLAY_STATES.map((value) => (
                  <option key={value} value={value}>
                    {t(`replays.states.${value}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <QueryView query={query}>
          {({ data, next_cursor }) => (
            <>
              {data.length > 0 ? (
                <ReplaysTable replays={data} />
              ) : (
                <NoReplays isFiltered={state !== undefined} onAll={() => choose('')} />
              )}
              <Pager pages={pages} next={next_cursor} />
            </>
          )}
        </QueryView>
      </Section>
    </Page>
  );
}

function NoReplays({ isFiltered, onAll }: { readonly isFiltered: boolean; readonly onAll: () => void }) {
  const { t } = useTranslation();
  if (isFiltered) {
    return (
      <EmptyState
        icon={Repeat}
        title={t('replays.noneOfState')}
        action={
          <Button look="secondary" onClick={onAll}>
            {t('replays.showAll')}
          </Button>
        }
      >
        {t('replays.noneOfStateText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Repeat}
      title={t('replays.none')}
      action={<LinkButton href="/webhooks">{t('nav.webhooks')}</LinkButton>}
    >
      {t('replays.noneText')}
    </EmptyState>
  );
}
