import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.js';
import { Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { BodyView } from './body-view.js';
import { curlOf } from './curl.js';
import styles from './delivery.module.css';
import type { Delivery } from './delivery-types.js';
import { HeadersList } from './headers-list.js';
import { useBody } from './use-delivery.js';

/** What was sent in the latest attempt, or what will be sent. */
export function RequestSection({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const body = useBody(delivery.id);
  const isSent = delivery.attempt_number > 0;
  return (
    <Section
      title={t('deliveries.detail.request')}
      actions={
        isSent &&
        body.data !== undefined && (
          <CopyButton what="curl" label={t('deliveries.copyCurl')} text={curlOf({ ...delivery, body: body.data })} />
        )
      }
    >
      <p className={styles.url}>
        <strong>{delivery.request_method}</strong> <code>{delivery.request_url}</code>
      </p>
      <h3>{t('deliveries.headers')}</h3>
      {isSent ? (
        <HeadersList headers={delivery.request_headers} label={t('deliveries.detail.requestHeaders')} />
      ) : (
        <p className={styles.quiet}>{t('deliveries.detail.headersWhenSent')}</p>
      )}
      <QueryView query={body}>
        {(text) => <BodyView label={t('deliveries.detail.requestBody')} text={text} />}
      </QueryView>
    </Section>
  );
}
