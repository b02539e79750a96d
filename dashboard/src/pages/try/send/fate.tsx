import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../../api/client.js';
import { againAfter } from '../../../api/queries.js';
import { useFormats } from '../../../i18n/formats.js';
import { Definitions } from '../../../ui/definitions.js';
import { DeliveryStatus } from '../../../ui/delivery-status.js';
import { QueryView } from '../../../ui/query-view.js';
import { readable } from '../../../ui/readable.js';
import { RelativeTime } from '../../../ui/time.js';
import shared from '../try.module.css';
import styles from './fate.module.css';

type Delivery = components['schemas']['Delivery'];

/** A test is called within a second or so. */
const AGAIN_AFTER_MS = 1_000;
/** So often in the first rhythm; what waits for a retry waits for minutes. */
const OFTEN = 30;
const LATER_AFTER_MS = 5_000;
const SHOWN_OF_BODY = 600;

/** One delivery, read again until it has ended; screen readers are told when its status changes. */
export function Fate({ id }: { readonly id: string }) {
  const delivery = useQuery({
    queryKey: ['delivery', id, 'fate'],
    queryFn: async ({ signal }) =>
      ok(await api.GET('/v1/deliveries/{delivery_id}', { params: { path: { delivery_id: id } }, signal })),
    refetchInterval: ({ state }) => {
      if (state.data !== undefined && hasEnded(state.data)) return false;
      return againAfter(state.dataUpdateCount < OFTEN ? AGAIN_AFTER_MS : LATER_AFTER_MS, state);
    },
  });
  return <QueryView query={delivery}>{(data) => <Told delivery={data} />}</QueryView>;
}

function hasEnded({ status }: Delivery): boolean {
  return status === 'success' || status === 'failed';
}

function Told({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { status, response_status: answer, error_code: code, error_message: message } = delivery;
  const isTried = delivery.attempted_at !== null;
  return (
    <article className={styles.fate} data-status={status} aria-label={t('try.fate.of', { type: delivery.event_type })}>
      <p role="status" className={shared.status}>
        <DeliveryStatus status={status} />
        <span>{t(`try.fate.told.${status}`)}</span>
      </p>
      <Definitions
        items={[
          [t('try.eventType'), <code key="type">{delivery.event_type}</code>],
          [t('try.fate.answer'), answer === null ? (code ?? t(isTried ? 'try.fate.none' : 'try.fate.notYet')) : answer],
          ...(message === null ? [] : [[t('try.fate.why'), message] as const]),
          [t('try.fate.time'), formats.milliseconds(delivery.response_time_ms)],
          [
            t('try.fate.attempt'),
            t('try.fate.attemptOf', { number: delivery.attempt_number, most: delivery.max_attempts }),
          ],
          ...(delivery.next_retry_at === null || hasEnded(delivery)
            ? []
            : [[t('try.fate.next'), <RelativeTime key="next" iso={delivery.next_retry_at} />] as const]),
          [t('try.fate.made'), <RelativeTime key="made" iso={delivery.created_at} />],
        ]}
      />
      {delivery.response_body !== null && delivery.response_body !== '' && (
        <details>
          <summary>{t('try.fate.body')}</summary>
          <pre className={styles.answer}>{readable(delivery.response_body).slice(0, SHOWN_OF_BODY)}</pre>
        </details>
      )}
      <Link href={`/deliveries/${delivery.id}`}>{t('try.fate.open')}</Link>
    </article>
  );
}
