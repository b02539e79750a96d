import { CircleAlert, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tell } from '../api/problem.js';
import { Button } from './button.js';
import { Findings } from './findings.js';
import styles from './problem-notice.module.css';

interface ProblemNoticeProps {
  readonly error: unknown;
  /** Tries again what failed. */
  readonly retry?: () => unknown;
}

/** What went wrong, what to do about it, and the id under which the server's log has it. */
export function ProblemNotice({ error, retry }: ProblemNoticeProps) {
  const { t, i18n } = useTranslation();
  const { code, message, hint, findings, requestId, isOffline } = tell(error);
  const known = i18n.exists(`problems.${code}`) ? t(`problems.${code}` as 'problems.offline') : undefined;
  return (
    <div className={styles.notice} role="alert">
      <CircleAlert aria-hidden size={20} className={styles.icon} />
      <div className={styles.text}>
        <p className={styles.message}>{known ?? message}</p>
        {known !== undefined && !isOffline && <p className={styles.detail}>{message}</p>}
        {hint && <p className={styles.detail}>{hint}</p>}
        <Findings findings={findings} />
        <p className={styles.code}>
          <code>{code}</code>
          {requestId && (
            <>
              {' · '}
              {t('app.requestId')} <code>{requestId}</code>
            </>
          )}
        </p>
      </div>
      {retry && (
        <Button look="secondary" icon={RotateCw} onClick={() => void retry()}>
          {t('app.retry')}
        </Button>
      )}
    </div>
  );
}
