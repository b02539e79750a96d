import { Blocks, Plus, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useIsOperator, useMayWrite } from '../../session/session-context.js';
import { LinkButton } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Field, Input } from '../../ui/field.js';
import { Page } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { byCategory, type Catalogue, useCatalogue } from './catalogue.js';
import { CategorySection } from './category-section.js';
import { pathOf } from './event-type.js';
import styles from './event-types.module.css';
import { NewEventType } from './new-event-type.js';

/** What events there are, by category. The operator makes new ones here. */
export function EventTypesPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const mayWrite = useMayWrite();
  const maySetUp = useIsOperator() && mayWrite;
  const catalogue = useCatalogue();
  if (maySetUp && search.has('new')) return <NewEventType />;
  const wanted = search.get('search') ?? '';
  return (
    <Page
      title={t('eventTypes.title')}
      lead={t('eventTypes.lead')}
      actions={
        maySetUp && (
          <LinkButton href="/event-types?new" icon={Plus}>
            {t('eventTypes.create')}
          </LinkButton>
        )
      }
    >
      <search className={styles.search}>
        <Field label={t('eventTypes.search')}>
          {(control) => (
            <Input
              {...control}
              type="search"
              value={wanted}
              autoComplete="off"
              onChange={({ target }) =>
                setSearch(target.value === '' ? {} : { search: target.value }, { replace: true })
              }
            />
          )}
        </Field>
      </search>
      <QueryView query={catalogue}>{(data) => <Found catalogue={data} wanted={wanted} />}</QueryView>
    </Page>
  );
}

function Found({ catalogue, wanted }: { readonly catalogue: Catalogue; readonly wanted: string }) {
  const { t } = useTranslation();
  const { types, isWhole } = catalogue;
  const found = useMemo(() => matching(types, wanted), [types, wanted]);
  if (types.length === 0) {
    return (
      <EmptyState icon={Blocks} title={t('eventTypes.empty')}>
        {t('eventTypes.emptyText')}
      </EmptyState>
    );
  }
  return (
    <>
      <p role="status" className={styles.quiet}>
        {t('eventTypes.found', { count: found.length })} {!isWhole && t('eventTypes.notWhole')}
      </p>
      {found.length === 0 && (
        <EmptyState
          icon={SearchX}
          title={t('eventTypes.none', { wanted })}
          action={!isWhole && <LinkButton href={pathOf(wanted)}>{t('eventTypes.openExact', { wanted })}</LinkButton>}
        >
          {t('eventTypes.noneText')}
        </EmptyState>
      )}
      {byCategory(found).map(([category, ofCategory]) => (
        <CategorySection key={category} category={category} types={ofCategory} />
      ))}
    </>
  );
}

function matching(types: Catalogue['types'], wanted: string): Catalogue['types'] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return types.filter(({ event_type: name, category, description }) => {
    const text = `${name} ${category} ${description ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
