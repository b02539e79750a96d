import { useTranslation } from 'react-i18next';
import styles from './inbox.module.css';

const KNOWN = [
  'event_type_not_registered',
  'event_type_disabled',
  'user_unknown',
  'origin_refused',
  'origin_not_allowed',
  'timeout',
] as const;
const OF_STATUS = /^http_(\d{3})$/;

/** Why a callback or an event is not done: known codes in words, anything else as it is. */
export function Reason({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const known = KNOWN.find((one) => one === code);
  const status = OF_STATUS.exec(code)?.[1];
  return (
    <span className={styles.quiet} title={code}>
      {known !== undefined && t(`inbox.reasons.${known}`)}
      {status !== undefined && t('inbox.reasons.http', { status })}
      {known === undefined && status === undefined && code}
    </span>
  );
}
