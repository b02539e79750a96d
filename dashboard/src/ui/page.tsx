import type { ReactNode } from 'react';
import { usePageTitle } from '../app/page-title.js';
import styles from './page.module.css';

interface PageProps {
  readonly title: string;
  /** What stands before the title: the way back. */
  readonly above?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its heading, what can be done here, its content. */
export function Page({ title, above, lead, actions, children }: PageProps) {
  usePageTitle(title);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.titles}>
          {above}
          <h1>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  /** Where the page's heading says it already: for screen readers alone. */
  readonly isTitleHidden?: boolean;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page, on a surface of its own. */
export function Section({ title, isTitleHidden = false, actions, children }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      {isTitleHidden ? (
        <h2 className="visually-hidden">{title}</h2>
      ) : (
        <div className={`${styles.head} ${styles.sectionHead}`}>
          <h2>{title}</h2>
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
