import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './advice.module.css';

interface AdviceProps {
  readonly tone: 'good' | 'warn' | 'bad' | 'info';
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** How something stands, and what to do about it. */
export function Advice({ tone, icon: Icon, title, children, action }: AdviceProps) {
  return (
    <div className={`${styles.advice} ${styles[tone]}`}>
      <Icon aria-hidden size={20} />
      <p>
        <strong>{title}</strong>
        {children}
      </p>
      {action && <div>{action}</div>}
    </div>
  );
}
