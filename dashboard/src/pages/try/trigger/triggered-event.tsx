import type { components } from '@hookline/client';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../../ui/badge.js';
import { EventDeliveries } from '../../inbox/event-deliveries.js';
import styles from '../try.module.css';

export type Accepted = components['schemas']['AcceptedEvent'];

/** What an event has become: how many deliveries, and how they go. */
export function TriggeredEvent({ accepted }: { readonly accepted: Accepted }) {
  const { t } = useTranslation();
  return (
    <div className={styles.stack}>
      <p role="status" className={styles.status}>
        <strong>{t('try.trigger.deliveries', { count: accepted.deliveries.length })}</strong>
        {accepted.duplicate && <Badge tone="info">{t('try.trigger.duplicate')}</Badge>}
      </p>
      {accepted.duplicate && <p className={styles.quiet}>{t('try.trigger.duplicateText')}</p>}
      <p className={styles.quiet}>
        {t('try.trigger.event')} <code>{accepted.event_id}</code>
      </p>
      {accepted.deliveries.length === 0 ? (
        <p className={styles.quiet}>{t('try.trigger.nobody')}</p>
      ) : (
        <EventDeliveries eventId={accepted.event_id} />
      )}
    </div>
  );
}
