/**
 * The dashboard in a real browser, for tests. In a `describe`:
 *
 *     const dashboard = useDashboard();
 *     it('…', async () => {
 *       const page = await dashboard.open({ path: '/webhooks', language: 'zh-CN', theme: 'dark', width: 360 });
 *       await page.getByRole('link', { name: 'Orders service' }).click();
 *       await expectAccessible(page);
 *       await screenshot(page, 'webhooks/one');
 *     });
 *
 * It builds the dashboard once a run (or takes the one in HOOKLINE_TEST_DASHBOARD, built already by `npx vite build dashboard --outDir …`). For each file that
 * uses it, it starts Hookline as `hookline start` does (API and worker, so that deliveries are really sent) on a PostgreSQL database of its own, filled by `seed`; `people`, `webhooks`, `deliveries` and `content` name what is there. `endpoint` is a subscriber on loopback, by
 * path good or failing. `trigger` sends an event for real.
 *
 * `settled` waits until a page has what it asked for; most tests just look for what they want to see.
 *
 * `open` signs in by a portal link, as a customer would, in a tab that knows nothing of others: as `owner` (default), `reader` (the owner's, read only),
 * `stranger`, `newcomer` (who has nothing yet), `operator` (by the service key) or `nobody`. After each test its pages are taken back, and the test fails for whatever
 * `watch` saw them do: console errors, violations of the policy, uncaught errors, requests elsewhere, refusals. Statuses that a test means to provoke are named in
 * `refusals`. A failed test leaves screenshots of its pages in the folder of `screenshot`.
 */
import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { loadConfig } from '../../../src/config.js';
import type { Database } from '../../../src/db/database.js';
import { openPostgres } from '../../../src/db/pg.js';
import { startHookline } from '../../../src/main.js';
import { trigger } from '../../conformance/spec-helpers.js';
import { newPostgresDatabase } from '../../harness/databases.js';
import { BROWSER_TIMEOUT_MS } from '../../harness/services/chromium.js';
import { builtDashboard } from './built.js';
import { startEndpoint } from './endpoint.js';
import { screenshotOfFailure } from './screenshot.js';
import { type Seed, seed } from './seed.js';
import { settled, trackRequests } from './settled.js';
import { giveBack, type Look, startBrowser, takeTab } from './tabs.js';
import { type Watch, watch } from './watching.js';

export { expectAccessible } from './accessible.js';
export { screenshot } from './screenshot.js';
export { resize, settled } from './settled.js';
export type { Language } from './tabs.js';

export const SERVICE_KEY = 'the-service-key-of-the-dashboard';
export type Role = 'owner' | 'reader' | 'stranger' | 'newcomer' | 'operator' | 'nobody';

/** Default look: English, light, 1280 × 800. */
export interface OpenOptions extends Partial<Look> {
  /** Default: owner. */
  readonly as?: Role;
  /** A credential in place of theirs. */
  readonly token?: string;
  /** Default: `/`. */
  readonly path?: string;
  /** Statuses of answers that the test provokes. */
  readonly refusals?: readonly number[];
  /** For a test that changes the tab itself (`addInitScript`): no other test gets it. */
  readonly isOwnTab?: boolean;
}

export interface Dashboard extends Seed {
  readonly url: string;
  /** Opened as the database's owner. */
  readonly db: Database;
  readonly endpoint: Awaited<ReturnType<typeof startEndpoint>>;
  /** Opens a page in a browser of its own, signs in, and waits for its heading. */
  open(options?: OpenOptions): Promise<Page>;
  /** Loads another address in an opened page, which stays signed in, and waits until that has what it asked for. */
  visit(page: Page, path: string): Promise<void>;
  /** Like `visit`, as a link within the dashboard does, at a quarter of the cost. */
  follow(page: Page, path: string): Promise<void>;
  /** What a page did that it may not; `clear` takes back what a test meant it to do. */
  watchOf(page: Page): Watch;
  /** Triggers an event for the owner, and gives the ids of its deliveries. */
  trigger(eventType: string, payload: object): Promise<string[]>;
}

/** Registers what starts and ends it with the suite. Its members are there only inside tests and hooks. */
export function useDashboard(): Dashboard {
  // A browser beside a server beside a database, on two cores that others have work for, too.
  vi.setConfig({ testTimeout: 90_000 });
  const dashboard = {} as { -readonly [K in keyof Dashboard]: Dashboard[K] };
  const ends: Array<() => Promise<unknown>> = [];
  const pages = new Map<
    Page,
    { readonly watch: Watch; readonly language: Look['language']; readonly isOwnTab: boolean }
  >();

  beforeAll(async () => {
    const [dashboardDir, database, endpoint] = await Promise.all([
      builtDashboard(),
      newPostgresDatabase(),
      startEndpoint(),
    ]);
    ends.push(
      () => database.drop(),
      () => endpoint.close(),
    );
    await startBrowser();
    const db = openPostgres({ connectionString: database.url });
    ends.push(() => db.close());
    Object.assign(dashboard, { db, endpoint }, await seed(db, endpoint.at));
    // The server takes the folder along with the settings.
    const config = { ...configOf(database.url), dashboardDir };
    const running = await startHookline(config, { api: true, worker: true, log: pino({ level: 'silent' }) });
    ends.push(() => running.stop());
    dashboard.url = running.url ?? '';
  }, BROWSER_TIMEOUT_MS);
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  afterEach(async ({ task }) => {
    const opened = [...pages];
    pages.clear();
    const hasFailed = task.result?.state === 'fail';
    for (const [index, [page, { language, isOwnTab }]] of opened.entries()) {
      if (hasFailed)
        await screenshotOfFailure(page, `${task.name.replace(/\W+/g, '-')}-${index}`).catch(() => undefined);
      if (isOwnTab) await page.context().close();
      else await giveBack(page, language, new URL(dashboard.url).origin);
    }
    expect(opened.flatMap(([, { watch }]) => watch.troubles)).toEqual([]);
  });

  dashboard.watchOf = (page) => {
    const found = pages.get(page);
    if (found === undefined) throw new Error('This page was not opened in this test.');
    return found.watch;
  };
  dashboard.trigger = async (eventType, payload) => {
    const made = await trigger(dashboard.db, eventType, payload, dashboard.people.owner.id);
    return made.map(({ delivery_id }) => delivery_id);
  };
  dashboard.visit = async (page, path) => {
    await page.goto(`${dashboard.url}${path}`);
    await settled(page);
  };
  dashboard.follow = async (page, path) => {
    await page.evaluate(async (to) => {
      history.pushState(null, '', to);
      // What the new page asks for is under way then.
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    }, path);
    await settled(page);
  };
  dashboard.open = async (options = {}) => {
    const { path = '/', language = 'en', theme = 'light', width = 1280, height = 800, refusals = [] } = options;
    const page = await takeTab({ language, theme, width, height });
    trackRequests(page);
    const watched = watch(page, new URL(dashboard.url).origin, refusals);
    pages.set(page, { watch: watched, language, isOwnTab: options.isOwnTab ?? false });
    const token = options.token ?? tokenOf(dashboard.people, options.as ?? 'owner');
    await page.goto(`${dashboard.url}${path}${token === undefined ? '' : `#token=${token}`}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  };
  return dashboard;
}

function configOf(databaseUrl: string) {
  return loadConfig({
    DATABASE_URL: databaseUrl,
    PORT: '0',
    HOOKLINE_SERVICE_KEY: SERVICE_KEY,
    HOOKLINE_JWT_SECRET: 'the-jwt-secret-of-the-dashboard-tests',
    HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
    HOOKLINE_RATE_LIMIT: '0',
  });
}

function tokenOf({ owner, stranger, newcomer }: Seed['people'], role: Role): string | undefined {
  switch (role) {
    case 'nobody':
      return undefined;
    case 'operator':
      return SERVICE_KEY;
    case 'reader':
      return owner.read;
    default:
      return { owner, stranger, newcomer }[role].write;
  }
}
