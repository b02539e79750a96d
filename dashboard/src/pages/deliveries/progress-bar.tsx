import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Progress } from '../../ui/progress.js';
import styles from './progress-bar.module.css';

interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** How many of how many, as a bar and in figures. */
export function ProgressBar({ label, done, total }: ProgressBarProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const told = t('deliveries.progress', { done: number(done), total: number(total) });
  return (
    <div className={styles.progress}>
      <span aria-hidden>{label}</span>
      <span className={styles.figures}>{told}</span>
      <Progress label={label} done={done} total={total} told={told} />
    </div>
  );
}
