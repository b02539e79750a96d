import type { Locator, Page } from 'playwright-core';

/** The figure that a name stands over, with all that is told of it. */
export function figure(page: Page, name: string): Locator {
  return page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) });
}

/** By how many pixels a page is wider than its window. */
export function sidewaysBy(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
