import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { useNow } from '../../ui/time.js';
import styles from './delivery.module.css';

interface CountdownProps {
  /** What comes then. */
  readonly label: string;
  /** ISO timestamp of the server's clock. */
  readonly until: string;
  /** How far the server's clock is before the browser's, in ms. */
  readonly aheadMs: number;
}

/** The time left until then, second by second. A screen reader reads it where it stands, and is not told of each second. */
export function Countdown({ label, until, aheadMs }: CountdownProps) {
  const { t } = useTranslation();
  const { dateTime } = useFormats();
  const now = useNow();
  const seconds = Math.ceil((Date.parse(until) - (now + aheadMs)) / 1_000);
  if (seconds <= 0) return <>{t('deliveries.next.due', { label })}</>;
  return (
    <>
      {label}{' '}
      <span className={styles.countdown} role="timer" title={dateTime(until)}>
        {clock(seconds)}
      </span>
    </>
  );
}

/** Seconds as 0:42, 12:05 or 3:00:09. */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}
