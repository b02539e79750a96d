import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Progress } from '../../ui/progress.js';
import { isRunning, type Replay } from './replays.js';
import styles from './replays.module.css';

interface ReplayProgressProps {
  readonly replay: Replay;
  /** Whose it is, for screen readers. */
  readonly name: string;
}

const TONES = { running: 'running', completed: 'done', cancelled: 'stopped', expired: 'stopped' } as const;

/** How far a replay is, how fast it goes, and how long that still takes. */
export function ReplayProgress({ replay, name }: ReplayProgressProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { created, total, rate_per_second: rate } = replay;
  const told = t('replays.progress', { created: formats.number(created), total: formats.number(total) });
  const left = Math.max(total - created, 0) / rate;
  return (
    <span className={styles.progress}>
      <span className={styles.figures}>
        <span>{told}</span>
        <span className={styles.rate}>
          {t('replays.rate', { rate: formats.number(rate) })}
          {isRunning(replay) && replay.waiting_for === null && left >= 1 && (
            <> · {t('replays.left', { time: formats.milliseconds(Math.ceil(left) * 1_000) })}</>
          )}
        </span>
      </span>
      <Progress
        label={t('replays.progressOf', { name })}
        done={created}
        total={total}
        told={told}
        tone={TONES[replay.state]}
      />
    </span>
  );
}
