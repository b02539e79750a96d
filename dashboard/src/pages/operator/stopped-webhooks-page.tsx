import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { EmptyState } from '../../ui/empty-state.js';
import { Page, Section } from '../../ui/page.js';
import { Pager, usePages } from '../../ui/pager.js';
import { QueryView } from '../../ui/query-view.js';
import { Tabs } from '../../ui/tabs.js';
import { CONDITIONS, type Condition, useWebhooksIn } from './conditions.js';
import styles from './operator.module.css';
import { OperatorNav } from './operator-nav.js';
import { StoppedWebhooks } from './stopped-webhooks.js';

/** Webhooks of all tenants that are not called, or fail, by what is wrong with them. */
export function StoppedWebhooksPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const condition = CONDITIONS.find((one) => one === search.get('condition')) ?? CONDITIONS[0];
  return (
    <Page title={t('operator.webhooks.title')} above={<OperatorNav />} lead={t('operator.webhooks.lead')}>
      <Section title={t('operator.webhooks.list')} isTitleHidden>
        <Tabs
          label={t('operator.webhooks.conditions')}
          value={condition}
          onChange={(id) => setSearch({ condition: id }, { replace: true })}
          tabs={CONDITIONS.map((id) => ({
            id,
            label: t(`operator.conditions.${id}.name`),
            content: <InCondition condition={id} />,
          }))}
        />
      </Section>
    </Page>
  );
}

function InCondition({ condition }: { readonly condition: Condition }) {
  const { t } = useTranslation();
  const pages = usePages(condition);
  const query = useWebhooksIn(condition, pages.cursor);
  return (
    <>
      <dl className={styles.meaning}>
        <dt>{t('operator.webhooks.means')}</dt>
        <dd>{t(`operator.conditions.${condition}.means`)}</dd>
        <dt>{t('operator.webhooks.todo')}</dt>
        <dd>{t(`operator.conditions.${condition}.todo`)}</dd>
      </dl>
      <QueryView query={query}>
        {({ data, next_cursor }) => (
          <>
            {data.length > 0 ? (
              <StoppedWebhooks condition={condition} webhooks={data} />
            ) : (
              <EmptyState icon={CircleCheck} title={t('operator.webhooks.none')}>
                {t(`operator.conditions.${condition}.none`)}
              </EmptyState>
            )}
            <Pager pages={pages} next={next_cursor} />
          </>
        )}
      </QueryView>
    </>
  );
}
