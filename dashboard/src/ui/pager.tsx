import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.js';
import styles from './pager.module.css';

export const PAGE_SIZE = 50;

/** Where a list stands: the cursors of the pages gone through, the current one last. */
export interface Pages {
  /** Of the page that is shown; undefined: the first. */
  readonly cursor: string | undefined;
  readonly number: number;
  toNext(cursor: string): void;
  toPrevious(): void;
  toFirst(): void;
}

interface Place {
  readonly key: string;
  readonly cursors: readonly string[];
}

/**
 * Pages of a list that is read by cursors. It begins anew when `key`, the list's filters, changes. Where it has a `name`, whoever comes back to it through the
 * browser's history finds the page that they left.
 */
export function usePages(key: string, name?: string): Pages {
  const [state, setState] = useState<Place>(() => keptPlace(name) ?? { key, cursors: [] });
  const cursors = state.key === key ? state.cursors : [];
  const show = (next: readonly string[]): void => {
    const place = { key, cursors: next };
    setState(place);
    if (name !== undefined) history.replaceState({ ...history.state, [`pages of ${name}`]: place }, '');
  };
  return {
    cursor: cursors.at(-1),
    number: cursors.length + 1,
    toNext: (cursor) => show([...cursors, cursor]),
    toPrevious: () => show(cursors.slice(0, -1)),
    toFirst: () => show([]),
  };
}

function keptPlace(name: string | undefined): Place | undefined {
  return name === undefined ? undefined : history.state?.[`pages of ${name}`];
}

interface PagerProps {
  readonly pages: Pages;
  /** The cursor of the next page; null at the end of the list. */
  readonly next: string | null | undefined;
}

/** Previous and next page. Nothing where one page is all there is. */
export function Pager({ pages, next }: PagerProps) {
  const { t } = useTranslation();
  if (pages.number === 1 && !next) return null;
  return (
    <nav className={styles.pager} aria-label={t('app.pages')}>
      <Button
        look="secondary"
        icon={ChevronLeft}
        disabled={pages.number === 1}
        onClick={pages.number === 1 ? undefined : pages.toPrevious}
      >
        {t('app.previous')}
      </Button>
      <span aria-live="polite">{t('app.page', { number: pages.number })}</span>
      <Button
        look="secondary"
        icon={ChevronRight}
        disabled={!next}
        onClick={next ? () => pages.toNext(next) : undefined}
      >
        {t('app.next')}
      </Button>
    </nav>
  );
}
