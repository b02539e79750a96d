import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import styles from './deliveries-table.module.css';
import type { DeliverySummary } from './delivery-types.js';
import { titleOf } from './error-meaning.js';

type Answered = Pick<DeliverySummary, 'response_status' | 'response_time_ms' | 'error_code' | 'attempt_number'>;

/** What came of the latest attempt, in two lines: the status, or why there is none; and how long it took. */
export function Outcome({
  of: { response_status, response_time_ms, error_code, attempt_number },
}: {
  readonly of: Answered;
}) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  if (attempt_number === 0 && error_code === null)
    return <span className={styles.detail}>{t('deliveries.notYetSent')}</span>;
  return (
    <span className={styles.outcome}>
      {response_status === null ? <span>{titleOf(i18n, error_code)}</span> : <code>{response_status}</code>}
      {response_time_ms !== null && <span className={styles.detail}>{formats.milliseconds(response_time_ms)}</span>}
    </span>
  );
}
