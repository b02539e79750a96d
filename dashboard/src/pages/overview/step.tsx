import { Circle, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './step.module.css';

export function Steps({ children }: { readonly children: ReactNode }) {
  return <ol className={styles.steps}>{children}</ol>;
}

interface StepProps {
  readonly title: string;
  readonly text: string;
  /** Undefined: that cannot be known. */
  readonly isDone?: boolean;
  readonly action?: ReactNode;
  /** What belongs to it and is too wide for its side. */
  readonly children?: ReactNode;
}

/** One of the first steps: what to do, what for, and the way there. */
export function Step({ title, text, isDone, action, children }: StepProps) {
  const { t } = useTranslation();
  const Icon = isDone ? CircleCheck : Circle;
  return (
    <li className={styles.step} data-done={isDone === true}>
      <Icon
        size={22}
        className={styles.icon}
        {...(isDone === undefined
          ? { 'aria-hidden': true }
          : { role: 'img', 'aria-label': t(isDone ? 'overview.steps.done' : 'overview.steps.open') })}
      />
      <div className={styles.text}>
        <h3>{title}</h3>
        <p>{text}</p>
      </div>
      {action && <div className={styles.action}>{action}</div>}
      {children && <div className={styles.wide}>{children}</div>}
    </li>
  );
}
