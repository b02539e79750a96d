import styles from './progress.module.css';

interface ProgressProps {
  /** What goes on; its name for screen readers. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** How far it is, in words. */
  readonly told: string;
  /** `done`: to its end; `stopped`: before it. */
  readonly tone?: 'running' | 'done' | 'stopped';
}

/** How much of a whole is done, as a bar; nothing to do is all done. */
export function Progress({ label, done, total, told, tone = 'running' }: ProgressProps) {
  return (
    <progress
      className={styles.progress}
      data-tone={tone}
      aria-label={label}
      aria-valuetext={told}
      value={total === 0 ? 1 : Math.min(done, total)}
      max={Math.max(total, 1)}
    />
  );
}
