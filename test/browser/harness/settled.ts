import type { Page, Request } from 'playwright-core';
import { waitUntil } from '../../harness/wait-until.js';

/** What a page asks for in one go comes within this of each other. */
const STILL_MS = 150;
/** What parts of a page say that are still being read. */
const LOADING = /^(Loading…|加载中…)$/;
const trackers = new WeakMap<Page, { readonly open: Set<Request>; changedAt: number }>();

/** Has `settled` know of a page's requests; called before it opens. The stream of changes stays open and counts as nothing. */
export function trackRequests(page: Page): void {
  const tracker = { open: new Set<Request>(), changedAt: performance.now() };
  trackers.set(page, tracker);
  const changed = (request: Request, isOpen: boolean): void => {
    if (request.resourceType() === 'eventsource') return;
    tracker.changedAt = performance.now();
    if (isOpen) tracker.open.add(request);
    else tracker.open.delete(request);
  };
  page.on('request', (request) => changed(request, true));
  page.on('requestfinished', (request) => changed(request, false));
  page.on('requestfailed', (request) => changed(request, false));
}

/** Waits until a page has what it asked the server for: its heading stands, nothing was asked for a moment, and no part of it is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const isStill = (): boolean => {
    const tracker = trackers.get(page);
    return tracker !== undefined && tracker.open.size === 0 && performance.now() - tracker.changedAt > STILL_MS;
  };
  // The page itself may have stood still: after two frames it has drawn what came, and asked for what that needs.
  const isStillAfterFrames = async (): Promise<boolean> => {
    if (!isStill()) return false;
    await frames(page, 2);
    return isStill();
  };
  await waitUntil(isStillAfterFrames, {
    message: () => `the requests of ${page.url()} to end`,
    timeoutMs: 15_000,
  });
  await page.getByRole('status').filter({ hasText: LOADING }).first().waitFor({ state: 'hidden' });
}

/** Gives a page that stands another width, and waits until it is laid out for it: charts follow some frames later. */
export async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await frames(page, 3);
}

/** Waits until a page has drawn so many frames. */
export async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (left) => {
    for (let n = 0; n < left; n += 1) await new Promise(requestAnimationFrame);
  }, count);
}
