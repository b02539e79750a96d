import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { QueryView } from '../../ui/query-view.js';
import styles from './bulk-replay.module.css';
import type { Replay } from './delivery-types.js';
import { ProgressBar } from './progress-bar.js';
import { useReplay } from './use-replay.js';

/** How far a replay is, what it waits for, and how it ended. */
export function ReplayProgress({ id }: { readonly id: string }) {
  const query = useReplay(id);
  return <QueryView query={query}>{(replay) => <Progress replay={replay} />}</QueryView>;
}

function Progress({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation();
  const { state, created, total, waiting_for: waitingFor } = replay;
  return (
    <>
      <ProgressBar label={t('deliveries.replay.progress')} done={created} total={Math.max(total, created)} />
      <div role="status">
        <p className={styles.state}>{t(`deliveries.replay.states.${state}`)}</p>
        {waitingFor !== null && state === 'running' && <p>{t(`deliveries.replay.waitingFor.${waitingFor}`)}</p>}
      </div>
      <p>
        <Link href={`/deliveries?webhook_id=${replay.webhook_id}`}>{t('deliveries.replay.toDeliveries')}</Link>
        {' · '}
        <Link href="/replays">{t('deliveries.replay.toReplays')}</Link>
      </p>
    </>
  );
}
