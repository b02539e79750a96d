import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'wouter';
import { useLiveRefresh } from '../../api/refresh.js';
import { Page } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { Tabs } from '../../ui/tabs.js';
import { BackToList } from './back-links.js';
import { Actions } from './detail/actions.js';
import { DeliveriesTab } from './detail/deliveries-tab.js';
import { OverviewTab } from './detail/overview-tab.js';
import { SecretTab } from './detail/secret-tab.js';
import { SettingsTab } from './detail/settings-tab.js';
import { SubscriptionsTab } from './detail/subscriptions-tab.js';
import { useWebhook } from './queries.js';
import { StateBadges } from './state-badges.js';
import styles from './webhook-page.module.css';

const TABS = {
  overview: OverviewTab,
  settings: SettingsTab,
  subscriptions: SubscriptionsTab,
  secret: SecretTab,
  deliveries: DeliveriesTab,
} as const;
type TabName = keyof typeof TABS;

/** One webhook: how it fares, what it is set to, what can be done with it. */
export function WebhookPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams<{ id: string }>();
  const [search, setSearch] = useSearchParams();
  const query = useWebhook(id);
  useLiveRefresh([['webhook', id], ['deliveries'], ['statistics', id]], ({ webhook_id }) => webhook_id === id);
  const webhook = query.data?.webhook;
  return (
    <Page
      title={webhook?.name ?? t('webhooks.title')}
      above={<BackToList />}
      lead={
        webhook && (
          <span className={styles.lead}>
            <code>{webhook.url}</code>
            <StateBadges webhook={webhook} />
          </span>
        )
      }
      actions={webhook && <Actions webhook={webhook} />}
    >
      <QueryView query={query}>
        {(versioned) => (
          <Tabs
            label={t('webhooks.tabsOf', { name: versioned.webhook.name })}
            value={(Object.keys(TABS) as TabName[]).find((name) => name === search.get('tab')) ?? 'overview'}
            onChange={(tab) => setSearch({ tab }, { replace: true })}
            tabs={(Object.entries(TABS) as [TabName, (typeof TABS)[TabName]][]).map(([name, Tab]) => ({
              id: name,
              label: t(`webhooks.tabs.${name}`),
              content: <Tab {...versioned} />,
            }))}
          />
        )}
      </QueryView>
    </Page>
  );
}
