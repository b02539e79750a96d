import { useEffect } from 'react';

/** Puts the page's title on the document, as screen readers tell it when the page changes. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Hookline`;
  }, [title]);
}
