import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useLiveRefresh } from '../../api/refresh.js';
import { useIsOperator } from '../../session/session-context.js';
import { LiveBadge } from '../../ui/live-badge.js';
import { Page, Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { Segments } from '../../ui/segments.js';
import { useBeginnings } from './beginnings.js';
import { DeliveriesChart } from './deliveries-chart.js';
import { EventTypes } from './event-types.js';
import { FailedDeliveries } from './failed-deliveries.js';
import { Figures } from './figures.js';
import { FirstSteps } from './first-steps.js';
import { LatencyChart } from './latency-chart.js';
import styles from './overview.module.css';
import { PERIODS, type Period, usePeriod } from './period.js';
import { type Statistics, useStatistics } from './statistics.js';
import { WorstWebhooks } from './worst-webhooks.js';

const LIVE = [['statistics'], ['queue'], ['deliveries']] as const;

/** How deliveries fare: the user's own, or everybody's for the operator. Follows by itself. */
export function OverviewPage() {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  const [period, choose] = usePeriod();
  const live = useLiveRefresh(LIVE);
  const statistics = useStatistics(PERIODS[period]);
  const beginnings = useBeginnings();
  const hasBegun = (beginnings.data?.hasDelivery ?? true) || (statistics.data?.data.length ?? 0) > 0;
  const isCut = !statistics.isPlaceholderData && (statistics.data?.hours ?? PERIODS[period]) < PERIODS[period];
  return (
    <Page
      title={t('overview.title')}
      lead={t(isOperator ? 'overview.leadOperator' : 'overview.leadUser')}
      actions={
        <>
          <LiveBadge state={live} />
          {hasBegun && (
            <Segments<Period>
              label={t('overview.period')}
              value={period}
              choices={(Object.keys(PERIODS) as Period[]).map((value) => ({
                value,
                label: t(`overview.periods.${value}`),
              }))}
              onChoose={choose}
            />
          )}
        </>
      }
    >
      {isCut && <p className={styles.notice}>{t('overview.cut', { count: statistics.data?.hours ?? 0 })}</p>}
      <QueryView query={beginnings}>
        {(begun) => (
          <>
            {!begun.hasDelivery && <FirstSteps beginnings={begun} />}
            <QueryView query={statistics}>
              {(data) => hasBegun && <Shown statistics={data} readAt={statistics.dataUpdatedAt || Date.now()} />}
            </QueryView>
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Shown({ statistics, readAt }: { readonly statistics: Statistics; readonly readAt: number }) {
  const { t } = useTranslation();
  return (
    <>
      <Figures total={statistics.total} />
      <Section title={t('overview.overTime')}>
        <DeliveriesChart statistics={statistics} readAt={readAt} />
      </Section>
      <div className={styles.pair}>
        <Section title={t('overview.latencyOverTime')}>
          <LatencyChart statistics={statistics} readAt={readAt} />
        </Section>
        <Section title={t('overview.eventTypes')}>
          <EventTypes types={statistics.event_types} />
        </Section>
      </div>
      <Section title={t('overview.worst')}>
        <WorstWebhooks webhooks={statistics.worst_webhooks} />
      </Section>
      <Section
        title={t('overview.newestFailed')}
        actions={<Link href="/deliveries?status=failed">{t('overview.allFailed')}</Link>}
      >
        <FailedDeliveries />
      </Section>
    </>
  );
}
