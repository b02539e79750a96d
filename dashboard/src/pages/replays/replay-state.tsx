import { CircleCheck, CircleSlash, CircleX, LoaderCircle, PauseCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.js';
import { RelativeTime } from '../../ui/time.js';
import type { Replay } from './replays.js';
import styles from './replays.module.css';

const LOOKS = {
  running: { tone: 'info', icon: LoaderCircle },
  completed: { tone: 'good', icon: CircleCheck },
  cancelled: { tone: 'neutral', icon: CircleSlash },
  expired: { tone: 'bad', icon: CircleX },
} as const;

/** The state of a replay, and what keeps it from going on. */
export function ReplayState({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation();
  const { state, waiting_for, waiting_since } = replay;
  if (state !== 'running' || waiting_for === null) {
    const { tone, icon } = LOOKS[state];
    return (
      <Badge tone={tone} icon={icon}>
        {t(`replays.states.${state}`)}
      </Badge>
    );
  }
  return (
    <span className={styles.waiting}>
      <Badge tone="warn" icon={PauseCircle}>
        {t('replays.waits')}
      </Badge>
      <span className={styles.detail}>
        {t(`replays.waitingFor.${waiting_for}`)}
        {waiting_since !== null && (
          <>
            {' · '}
            {t('replays.waitingSince')} <RelativeTime iso={waiting_since} />
          </>
        )}
      </span>
    </span>
  );
}
