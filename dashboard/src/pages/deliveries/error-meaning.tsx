import type { i18n as I18n } from 'i18next';
import { useTranslation } from 'react-i18next';
import type en from '../../i18n/en/delivery-errors.js';
import styles from './delivery.module.css';
import type { Exchange } from './delivery-types.js';

type ErrorCode = keyof typeof en;

/** A few words for an `error_code`; one that is not known here, as of a newer server, is told as it is. */
export function titleOf(i18n: I18n, code: string | null): string {
  if (code === null) return '–';
  return isKnown(i18n, code) ? i18n.t(`deliveries.errors.${code}.title`) : code;
}

function isKnown(i18n: I18n, code: string): code is ErrorCode {
  return i18n.exists(`deliveries.errors.${code}.title`);
}

/** What an attempt's error means, and what to do about it. Nothing where there was none. */
export function ErrorMeaning({
  of: { error_code: code, error_message: message },
}: {
  readonly of: Pick<Exchange, 'error_code' | 'error_message'>;
}) {
  const { i18n } = useTranslation();
  if (code === null) return null;
  return (
    <div className={styles.error}>
      <p>
        <strong>{titleOf(i18n, code)}</strong> <code>{code}</code>
      </p>
      {isKnown(i18n, code) ? (
        <>
          <p>{i18n.t(`deliveries.errors.${code}.meaning`)}</p>
          <p>{i18n.t(`deliveries.errors.${code}.todo`)}</p>
        </>
      ) : null}
      {message !== null && (
        <p className={styles.quiet}>
          <code>{message}</code>
        </p>
      )}
    </div>
  );
}
