import { Plus, Rss } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayWrite } from '../../../session/session-context.js';
import { Button } from '../../../ui/button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { Section } from '../../../ui/page.js';
import { QueryView } from '../../../ui/query-view.js';
import { useCatalogue } from '../../event-types/catalogue.js';
import { useSubscriptions, type VersionedWebhook } from '../queries.js';
import { SubscribeDialog } from './subscribe-dialog.js';
import { SubscriptionRow } from './subscription-row.js';
import styles from './subscriptions-tab.module.css';

/** Which events a webhook gets, and the filters that hold some of them back. */
export function SubscriptionsTab({ webhook }: VersionedWebhook) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [isAdding, setIsAdding] = useState(false);
  const subscriptions = useSubscriptions(webhook.id);
  const { types, isWhole } = useCatalogue().data ?? { types: [], isWhole: true };
  const add = mayWrite && (
    <Button icon={Plus} onClick={() => setIsAdding(true)}>
      {t('webhooks.subscribe')}
    </Button>
  );
  return (
    <Section title={t('webhooks.tabs.subscriptions')} actions={add}>
      <QueryView query={subscriptions}>
        {(all) => (
          <>
            {all.length === 0 ? (
              <EmptyState icon={Rss} title={t('webhooks.noSubscriptions')}>
                {t('webhooks.noSubscriptionsText')}
              </EmptyState>
            ) : (
              <ul className={styles.list}>
                {[...all]
                  .sort((one, other) => one.event_type.localeCompare(other.event_type))
                  .map((subscription) => (
                    <SubscriptionRow
                      key={subscription.id}
                      subscription={subscription}
                      type={types.find(({ event_type }) => event_type === subscription.event_type)}
                    />
                  ))}
              </ul>
            )}
            {isAdding && (
              <SubscribeDialog
                webhookId={webhook.id}
                isWhole={isWhole}
                types={types}
                subscribed={all.map(({ event_type }) => event_type)}
                onClose={() => setIsAdding(false)}
              />
            )}
          </>
        )}
      </QueryView>
    </Section>
  );
}
