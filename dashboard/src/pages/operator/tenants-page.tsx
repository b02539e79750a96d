import { Link2, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { Button } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page, Section } from '../../ui/page.js';
import { Pager, usePages } from '../../ui/pager.js';
import { QueryView } from '../../ui/query-view.js';
import { OperatorNav } from './operator-nav.js';
import { PortalDialog, type PortalFor } from './portal-dialog.js';
import { TenantSearch } from './tenant-search.js';
import { useTenants } from './tenants.js';
import { TenantsTable } from './tenants-table.js';

/** All tenants: what each has, the ways to that, and a portal link for them. */
export function TenantsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('search') ?? '';
  const pages = usePages(wanted);
  const query = useTenants(wanted, pages.cursor);
  const [portalFor, setPortalFor] = useState<PortalFor | null>(null);
  const newPortal = (
    <Button icon={Link2} onClick={() => setPortalFor('somebody')}>
      {t('operator.portal.open')}
    </Button>
  );
  return (
    <Page
      title={t('operator.tenants.title')}
      above={<OperatorNav />}
      lead={t('operator.tenants.lead')}
      actions={newPortal}
    >
      <Section title={t('operator.tenants.list')} isTitleHidden>
        <TenantSearch
          value={wanted}
          onSearch={(text) => setSearch(text === '' ? {} : { search: text }, { replace: true })}
        />
        <QueryView query={query}>
          {({ data, next_cursor }) => (
            <>
              {data.length > 0 ? (
                <TenantsTable tenants={data} onPortal={setPortalFor} />
              ) : (
                <NoTenants isSearch={wanted !== ''} hasMore={next_cursor !== null} />
              )}
              <Pager pages={pages} next={next_cursor} />
            </>
          )}
        </QueryView>
      </Section>
      {portalFor !== null && <PortalDialog tenant={portalFor} onClose={() => setPortalFor(null)} />}
    </Page>
  );
}

function NoTenants({ isSearch, hasMore }: { readonly isSearch: boolean; readonly hasMore: boolean }) {
  const { t } = useTranslation();
  if (!isSearch) {
    return (
      <EmptyState icon={Users} title={t('operator.tenants.none')}>
        {t('operator.tenants.noneText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Users} title={t('operator.tenants.noMatch')}>
      {t(hasMore ? 'operator.tenants.noMatchYet' : 'operator.tenants.noMatchText')}
    </EmptyState>
  );
}
