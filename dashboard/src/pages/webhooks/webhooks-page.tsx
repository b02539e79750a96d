import { Plus, Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useLiveRefresh } from '../../api/refresh.js';
import { useMayWrite } from '../../session/session-context.js';
import { Button, LinkButton } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { LiveBadge } from '../../ui/live-badge.js';
import { Page, Section } from '../../ui/page.js';
import { Pager, usePages } from '../../ui/pager.js';
import { QueryView } from '../../ui/query-view.js';
import { filterOf, WebhookFilters } from './list/filters.js';
import { WebhookTable } from './list/table.js';
import { useWebhooks } from './queries.js';

/** The webhooks that the session sees. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const mayWrite = useMayWrite();
  const pages = usePages(search.toString());
  const list = useWebhooks(filterOf(search), pages.cursor);
  const live = useLiveRefresh([['webhooks']]);
  const create = mayWrite && (
    <LinkButton href="/webhooks/new" icon={Plus}>
      {t('webhooks.create')}
    </LinkButton>
  );
  const isFiltered = [...search.keys()].length > 0;
  return (
    <Page
      title={t('webhooks.title')}
      lead={t('webhooks.lead')}
      actions={
        <>
          <LiveBadge state={live} />
          {create}
        </>
      }
    >
      <Section title={t('webhooks.list')} isTitleHidden>
        <WebhookFilters />
        <QueryView query={list}>
          {({ data, next_cursor }) => (
            <>
              {data.length > 0 ? (
                <WebhookTable webhooks={data} />
              ) : isFiltered ? (
                <EmptyState
                  icon={Send}
                  title={t('webhooks.noneMatch')}
                  action={
                    <Button look="secondary" onClick={() => setSearch({})}>
                      {t('webhooks.showAll')}
                    </Button>
                  }
                >
                  {t('webhooks.noneMatchText')}
                </EmptyState>
              ) : (
                <EmptyState icon={Send} title={t('webhooks.none')} action={create || undefined}>
                  {t(mayWrite ? 'webhooks.noneText' : 'app.readOnlyReason')}
                </EmptyState>
              )}
              <Pager pages={pages} next={next_cursor} />
            </>
          )}
        </QueryView>
      </Section>
    </Page>
  );
}
