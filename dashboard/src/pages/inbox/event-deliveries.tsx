import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../api/client.js';
import { againAfter } from '../../api/queries.js';
import { DeliveryStatus } from '../../ui/delivery-status.js';
import { QueryView } from '../../ui/query-view.js';
import styles from './inbox.module.css';

const MOST_SHOWN = 10;
const AGAIN_AFTER_MS = 2_000;
/** So often in the first rhythm; what waits for a retry waits for minutes. */
const OFTEN = 15;
const LATER_AFTER_MS = 10_000;

/** The deliveries that an event made, followed until they have ended; where there are many, the rest by a link. */
export function EventDeliveries({ eventId }: { readonly eventId: string }) {
  const { t } = useTranslation();
  const deliveries = useQuery({
    queryKey: ['deliveries', 'of-event', eventId],
    queryFn: async ({ signal }) => {
      const query = { event_id: eventId, limit: MOST_SHOWN };
      return ok(await api.GET('/v1/deliveries', { params: { query }, signal }));
    },
    refetchInterval: ({ state }) => {
      if (state.data?.data.every(({ status }) => status === 'success' || status === 'failed')) return false;
      return againAfter(state.dataUpdateCount < OFTEN ? AGAIN_AFTER_MS : LATER_AFTER_MS, state);
    },
  });
  return (
    <QueryView query={deliveries}>
      {({ data, next_cursor: next }) => (
        <div className={styles.deliveries}>
          {data.length === 0 && <p className={styles.quiet}>{t('inbox.noDeliveries')}</p>}
          <ul className={styles.list} aria-label={t('inbox.deliveries')}>
            {data.map(({ id, status, request_url: url, response_status: answer }) => (
              <li key={id} className={styles.delivery}>
                <DeliveryStatus status={status} />
                <Link href={`/deliveries/${id}`} className={styles.url}>
                  {url}
                </Link>
                {answer !== null && <code>{answer}</code>}
              </li>
            ))}
          </ul>
          {data.length > 0 && (
            <Link href={`/deliveries?event_id=${eventId}`}>
              {t(next === null ? 'inbox.inList' : 'inbox.allInList')}
            </Link>
          )}
        </div>
      )}
    </QueryView>
  );
}
