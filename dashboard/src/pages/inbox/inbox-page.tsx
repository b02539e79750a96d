import { Inbox, Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../api/problem.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page, Section } from '../../ui/page.js';
import { Pager, usePages } from '../../ui/pager.js';
import { QueryView } from '../../ui/query-view.js';
import { ContentTable } from './content-table.js';
import { useContents } from './contents.js';
import { isFiltered, useContentFilter } from './filters.js';
import { FiltersBar } from './filters-bar.js';
import { HowToSend } from './how-to-send.js';
import { useNewcomers } from './newcomers.js';

/** The AI webhooks as they come in, each with its callback and its event. */
export function InboxPage() {
  const { t } = useTranslation();
  const [filter, setFilter] = useContentFilter();
  const key = JSON.stringify(filter);
  const pages = usePages(key);
  const contents = useContents(filter, pages.cursor);
  const isFirst = pages.number === 1;
  const newcomers = useNewcomers(isFirst ? contents.data?.data : undefined, key);
  const isEmpty =
    contents.data?.data.length === 0 && isFirst && !isFiltered(filter) && contents.data.next_cursor === null;
  const isElsewhere = contents.isError && tell(contents.error).code === 'content_stored_elsewhere';
  return (
    <Page title={t('inbox.title')} lead={t('inbox.lead')}>
      <p role="status" className="visually-hidden">
        {newcomers.size > 0 && t('inbox.cameIn', { count: newcomers.size })}
      </p>
      {isElsewhere ? (
        <EmptyState icon={Server} title={t('inbox.elsewhere')}>
          {t('inbox.elsewhereText')}
        </EmptyState>
      ) : (
        <Section title={t('inbox.received')} isTitleHidden>
          {!isEmpty && <FiltersBar filter={filter} onChange={setFilter} />}
          <QueryView query={contents}>
            {({ data, next_cursor: next }) => (
              <>
                {data.length > 0 && <ContentTable contents={data} newcomers={newcomers} />}
                {isEmpty && <HowToSend />}
                {data.length === 0 && !isEmpty && (
                  <EmptyState icon={Inbox} title={t('inbox.noneMatch')}>
                    {t(next === null ? 'inbox.noneMatchText' : 'inbox.goOn')}
                  </EmptyState>
                )}
                <Pager pages={pages} next={next} />
              </>
            )}
          </QueryView>
        </Section>
      )}
    </Page>
  );
}
