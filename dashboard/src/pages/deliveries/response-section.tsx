import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Badge } from '../../ui/badge.js';
import { Section } from '../../ui/page.js';
import { BodyView } from './body-view.js';
import styles from './delivery.module.css';
import type { Exchange } from './delivery-types.js';
import { HeadersList } from './headers-list.js';
import { keptOf } from './kept.js';

/** What the endpoint answered in the latest attempt. */
export function ResponseSection({ of, isSent }: { readonly of: Exchange; readonly isSent: boolean }) {
  const { t } = useTranslation();
  return (
    <Section title={t('deliveries.detail.response')}>
      {isSent ? <Response of={of} /> : <p className={styles.quiet}>{t('deliveries.notYetSent')}</p>}
    </Section>
  );
}

interface ResponseProps {
  readonly of: Exchange;
  /** The attempt that it came at, where it stands among others. */
  readonly attempt?: number;
}

/** An answer: its status, headers and body; or that there was none. */
export function Response({ of, attempt }: ResponseProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { response_status: status, response_body: body, response_time_ms: time } = of;
  if (status === null) return <p className={styles.quiet}>{t('deliveries.noResponse')}</p>;
  const kept = keptOf(of);
  const nameOf = (what: 'responseBody' | 'responseHeaders'): string =>
    attempt === undefined ? t(`deliveries.detail.${what}`) : t(`deliveries.detail.${what}Of`, { number: attempt });
  return (
    <>
      <p className={styles.answer}>
        <Badge tone={status < 300 ? 'good' : 'bad'}>{status}</Badge>
        {time !== null && (
          <span className={styles.quiet}>{t('deliveries.tookTime', { time: formats.milliseconds(time) })}</span>
        )}
      </p>
      <h3>{t('deliveries.headers')}</h3>
      <HeadersList headers={of.response_headers} label={nameOf('responseHeaders')} />
      {body === null || body === '' ? (
        <p className={styles.quiet}>{t('deliveries.noBody')}</p>
      ) : (
        <BodyView label={nameOf('responseBody')} text={body} />
      )}
      {kept.isCut && <p className={styles.quiet}>{t('deliveries.cut', { bytes: formats.number(kept.bytes) })}</p>}
    </>
  );
}
