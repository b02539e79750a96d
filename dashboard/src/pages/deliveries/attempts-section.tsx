import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { AttemptEntry } from './attempt-entry.js';
import styles from './attempts.module.css';
import { Countdown } from './countdown.js';
import type { Attempt, Delivery } from './delivery-types.js';

/** The API gives so many. */
const MOST = 100;

interface AttemptsSectionProps {
  readonly delivery: Delivery;
  readonly clockAheadMs: number;
  readonly query: UseQueryResult<readonly Attempt[]>;
}

/** Every attempt on a timeline, the latest first, and before it the one that comes. */
export function AttemptsSection({ delivery, clockAheadMs, query }: AttemptsSectionProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { next_retry_at: due, status } = delivery;
  return (
    <Section title={t('deliveries.detail.attempts')}>
      <QueryView query={query}>
        {(attempts) => (
          <>
            <ol className={styles.timeline}>
              {status === 'retrying' && due !== null && (
                <li className={styles.entry} data-tone="next">
                  <div className={styles.coming}>
                    <Countdown
                      until={due}
                      aheadMs={clockAheadMs}
                      label={t('deliveries.next.retrying', { number: number(delivery.attempt_number + 1) })}
                    />
                  </div>
                </li>
              )}
              {attempts.map((attempt, at) => (
                <AttemptEntry
                  key={`${attempt.attempt_number} ${attempt.attempted_at} ${attempt.is_late}`}
                  attempt={attempt}
                  earlier={attempts[at + 1]}
                />
              ))}
              <li className={styles.entry} data-tone="begin">
                <div className={styles.coming}>
                  {t('deliveries.detail.triggered')} <CreatedAt iso={delivery.created_at} />
                </div>
              </li>
            </ol>
            {attempts.length >= MOST && (
              <p className={styles.quiet}>{t('deliveries.detail.mostAttempts', { most: number(MOST) })}</p>
            )}
          </>
        )}
      </QueryView>
    </Section>
  );
}

function CreatedAt({ iso }: { readonly iso: string }) {
  const { dateTime } = useFormats();
  return (
    <time dateTime={iso} className={styles.quiet}>
      {dateTime(iso)}
    </time>
  );
}
