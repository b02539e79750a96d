import { useTranslation } from 'react-i18next';
import styles from './headers-list.module.css';

/** In place of the value of a custom header, which the server keeps to itself. */
const MASKED = '***';

interface HeadersListProps {
  /** By their names, as they went or came. */
  readonly headers: Readonly<Record<string, unknown>> | null;
  readonly label: string;
}

/** HTTP headers, one a line. */
export function HeadersList({ headers, label }: HeadersListProps) {
  const { t } = useTranslation();
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return <p className={styles.none}>{t('deliveries.noHeaders')}</p>;
  return (
    <>
      <dl className={styles.headers} aria-label={label}>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{Array.isArray(value) ? value.join(', ') : String(value)}</dd>
          </div>
        ))}
      </dl>
      {entries.some(([, value]) => value === MASKED) && <p className={styles.none}>{t('deliveries.masked')}</p>}
    </>
  );
}
