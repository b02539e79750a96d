import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../api/client.js';
import { DeliveryStatus } from '../../ui/delivery-status.js';
import { Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { RelativeTime } from '../../ui/time.js';
import styles from './event-types.module.css';

const MOST_SHOWN = 5;

/** The latest deliveries of an event type that the caller may see. */
export function RecentUse({ eventType }: { readonly eventType: string }) {
  const { t } = useTranslation();
  const deliveries = useQuery({
    queryKey: ['deliveries', 'of-event-type', eventType],
    queryFn: async ({ signal }) => {
      const query = { event_type: eventType, limit: MOST_SHOWN };
      return ok(await api.GET('/v1/deliveries', { params: { query }, signal })).data;
    },
  });
  return (
    <Section
      title={t('eventTypes.recent')}
      actions={
        (deliveries.data?.length ?? 0) > 0 && (
          <Link href={`/deliveries?event_type=${encodeURIComponent(eventType)}`}>{t('eventTypes.allDeliveries')}</Link>
        )
      }
    >
      <QueryView query={deliveries}>
        {(data) =>
          data.length === 0 ? (
            <p className={styles.quiet}>{t('eventTypes.unused')}</p>
          ) : (
            <ul className={styles.recent}>
              {data.map(({ id, status, request_url: url, created_at: at }) => (
                <li key={id}>
                  <DeliveryStatus status={status} />
                  <Link href={`/deliveries/${id}`}>{url}</Link>
                  <span className={styles.quiet}>
                    <RelativeTime iso={at} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Section>
  );
}
