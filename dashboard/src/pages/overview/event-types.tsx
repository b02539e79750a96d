import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { Button } from '../../ui/button.js';
import styles from './overview.module.css';
import type { Statistics } from './statistics.js';

const SHOWN = 6;
type EventType = Statistics['event_types'][number];

/** Event types by what ended of them, as bars beside each other. */
export function EventTypes({ types }: { readonly types: readonly EventType[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [isWhole, setIsWhole] = useState(false);
  const more = types.length - SHOWN;
  const most = Math.max(...types.map(endedOf), 1);
  if (types.length === 0) return <p className={styles.nothing}>{t('overview.noDeliveries')}</p>;
  return (
    <>
      <ul className={styles.bars}>
        {(isWhole ? types : types.slice(0, SHOWN)).map((type) => (
          <li key={type.event_type} className={styles.bar}>
            <Link href={`/deliveries?${new URLSearchParams({ event_type: type.event_type })}`}>{type.event_type}</Link>
            <span className={styles.barFigures}>
              {t('overview.deliveredOf', { number: formats.number(type.successful_deliveries) })}
              {' · '}
              <span className={type.failed_deliveries > 0 ? styles.bad : undefined}>
                {t('overview.failedOf', { number: formats.number(type.failed_deliveries) })}
              </span>
            </span>
            <span className={styles.track} aria-hidden>
              <span className={styles.good} style={{ width: `${(type.successful_deliveries / most) * 100}%` }} />
              <span className={styles.failed} style={{ width: `${(type.failed_deliveries / most) * 100}%` }} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Button look="ghost" className={styles.more} aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? t('overview.showFewer') : t('overview.showAll', { count: more })}
        </Button>
      )}
    </>
  );
}

function endedOf(type: EventType): number {
  return type.successful_deliveries + type.failed_deliveries;
}
