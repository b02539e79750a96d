import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { queries } from '../../api/queries.js';
import { useMayWrite } from '../../session/session-context.js';
import { BackLink } from '../../ui/back-link.js';
import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { LiveBadge } from '../../ui/live-badge.js';
import { Page } from '../../ui/page.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import { QueryView } from '../../ui/query-view.js';
import { say } from '../../ui/say.js';
import { AttemptsSection } from './attempts-section.js';
import styles from './delivery.module.css';
import { isEnded, mayBeRetried } from './delivery-types.js';
import { RelatedSection } from './related-section.js';
import { RequestSection } from './request-section.js';
import { ResponseSection } from './response-section.js';
import { retryDelivery } from './retry-deliveries.js';
import { SignatureSection } from './signature-section.js';
import { Standing } from './standing.js';
import { useDelivery } from './use-delivery.js';

/** All there is of one delivery. */
export function DeliveryPage() {
  const { id = '' } = useParams<{ id: string }>();
  const { t } = useTranslation();
  const { query, attempts, live } = useDelivery(id);
  const delivery = query.data?.delivery;
  return (
    <Page
      title={delivery?.event_type ?? t('deliveries.detail.title')}
      above={<BackLink href="/deliveries">{t('deliveries.title')}</BackLink>}
      lead={
        <span className={styles.named}>
          <code>{id}</code>
          <CopyButton text={id} what={t('deliveries.detail.id')} />
        </span>
      }
      actions={
        <>
          {delivery && !isEnded(delivery) && <LiveBadge state={live} />}
          {delivery && mayBeRetried(delivery) && <RetryNow id={id} />}
        </>
      }
    >
      <QueryView query={query}>
        {({ delivery: one, clockAheadMs }) => (
          <>
            <Standing delivery={one} clockAheadMs={clockAheadMs} />
            <div className={styles.columns}>
              <div className={styles.attempts}>
                <AttemptsSection delivery={one} clockAheadMs={clockAheadMs} query={attempts} />
              </div>
              <div className={styles.exchange}>
                <RequestSection delivery={one} />
                <ResponseSection of={one} isSent={one.attempt_number > 0} />
              </div>
              <div className={styles.aside}>
                <SignatureSection delivery={one} />
                <RelatedSection delivery={one} />
              </div>
            </div>
          </>
        )}
      </QueryView>
    </Page>
  );
}

function RetryNow({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!mayWrite) return null;
  async function run(): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      await retryDelivery(id);
      say(t('deliveries.retried'));
    } catch (caught) {
      setError(caught);
    }
    await Promise.all([['delivery', id], ['deliveries']].map((queryKey) => queries.invalidateQueries({ queryKey })));
    setBusy(false);
  }
  return (
    <>
      <Button icon={RotateCw} busy={busy} onClick={() => void run()}>
        {t('deliveries.retryNow')}
      </Button>
      {error !== undefined && <ProblemNotice error={error} />}
    </>
  );
}
