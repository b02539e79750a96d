import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useLiveRefresh } from '../../api/refresh.js';
import { LiveBadge } from '../../ui/live-badge.js';
import { Page, Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { useReplays } from '../replays/replays.js';
import { ReplaysTable } from '../replays/replays-table.js';
import { ConditionCards } from './condition-cards.js';
import styles from './operator.module.css';
import { OperatorNav } from './operator-nav.js';
import { Totals } from './totals.js';
import { Ways } from './ways.js';

const LIVE = [['statistics'], ['queue']] as const;
const REPLAYS_SHOWN = 10;

/** The operator's first page: the whole installation at a glance, and the ways to its parts. */
export function OperatorPage() {
  const { t } = useTranslation();
  const live = useLiveRefresh(LIVE);
  const replays = useReplays({ state: 'running', limit: REPLAYS_SHOWN });
  return (
    <Page
      title={t('operator.title')}
      above={<OperatorNav />}
      lead={t('operator.lead')}
      actions={<LiveBadge state={live} />}
    >
      <Totals />
      <Section
        title={t('operator.webhooks.title')}
        actions={<Link href="/operator/webhooks">{t('operator.all')}</Link>}
      >
        <ConditionCards />
      </Section>
      <Section title={t('operator.replays')} actions={<Link href="/replays">{t('operator.allReplays')}</Link>}>
        <QueryView query={replays}>
          {({ data }) =>
            data.length === 0 ? (
              <p className={styles.nothing}>{t('operator.noReplay')}</p>
            ) : (
              <ReplaysTable replays={data} />
            )
          }
        </QueryView>
      </Section>
      <Section title={t('operator.ways')}>
        <Ways />
      </Section>
    </Page>
  );
}
