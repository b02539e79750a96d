import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Badge } from '../../ui/badge.js';
import { DateTime } from '../../ui/time.js';
import styles from './attempts.module.css';
import type { Attempt } from './delivery-types.js';
import { ErrorMeaning, titleOf } from './error-meaning.js';
import { HeadersList } from './headers-list.js';
import { Response } from './response-section.js';

interface AttemptEntryProps {
  readonly attempt: Attempt;
  /** The one before it. */
  readonly earlier: Attempt | undefined;
}

/** One attempt: its outcome in a line, all of it when it is opened. */
export function AttemptEntry({ attempt, earlier }: AttemptEntryProps) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const { attempt_number: number, response_status: status, response_time_ms: time, error_code: code } = attempt;
  const waitedMs = Date.parse(attempt.attempted_at ?? '') - Date.parse(earlier?.attempted_at ?? '');
  return (
    <li className={styles.entry} data-tone={code === null ? 'good' : 'bad'}>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className={styles.summary}>
          <ChevronRight aria-hidden size={16} className={styles.chevron} />
          <span className={styles.line}>
            <strong>{t('deliveries.attempt', { number: formats.number(number) })}</strong>
            <Badge tone={code === null ? 'good' : 'bad'}>{status ?? titleOf(i18n, code)}</Badge>
            {attempt.is_late && <Badge tone="warn">{t('deliveries.late')}</Badge>}
            <span className={styles.quiet}>{formats.milliseconds(time)}</span>
            <span className={styles.when}>
              <DateTime iso={attempt.attempted_at} />
              {waitedMs > 0 && ` · ${t('deliveries.after', { time: formats.milliseconds(waitedMs) })}`}
            </span>
          </span>
        </summary>
        {isOpen && <AttemptDetail attempt={attempt} />}
      </details>
    </li>
  );
}

function AttemptDetail({ attempt }: { readonly attempt: Attempt }) {
  const { t } = useTranslation();
  const number = attempt.attempt_number;
  return (
    <div className={styles.detail}>
      {attempt.is_late && <p className={styles.quiet}>{t('deliveries.lateText')}</p>}
      <ErrorMeaning of={attempt} />
      <h3>{t('deliveries.detail.request')}</h3>
      {attempt.request_url !== null && <code className={styles.url}>{attempt.request_url}</code>}
      <HeadersList headers={attempt.request_headers} label={t('deliveries.detail.requestHeadersOf', { number })} />
      <h3>{t('deliveries.detail.response')}</h3>
      <Response of={attempt} attempt={number} />
    </div>
  );
}
