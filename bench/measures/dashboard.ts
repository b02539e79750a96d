import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, BrowserContext } from 'playwright-core';
import { createServer } from '../../src/api/server.js';
import type { Database } from '../../src/db/database.js';
import { buildDashboard } from '../../test/browser/harness/build.js';
import { countScript, type LoadedScript } from '../../test/browser/harness/first-load.js';
import { seedDeliveries } from '../../test/browser/harness/seed-deliveries.js';
import { seedEventTypes } from '../../test/browser/harness/seed-event-types.js';
import { seedWebhooks } from '../../test/browser/harness/seed-webhooks.js';
import { openBrowser } from '../../test/harness/services/chromium.js';
import { newWebhook } from '../history.js';
import { median, rounded } from '../numbers.js';
import type { Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';

/** One page is opened so many times in each round, and the first round is not counted. */
const OPENINGS = 5;
const MOST_KILOBYTES = 200;

// Runs in the page before its own script, and clicks a link as soon as heading and navigation are there, until the page answers the click itself: one that
// nobody prevents would have the browser load another document.
const UNTIL_INTERACTIVE = `globalThis.interactive = new Promise((resolve) => {
  const look = () => {
    const link = document.querySelector('nav a[href="/deliveries"]');
    if (document.querySelector('main h1')?.textContent && link !== null) {
      const click = new MouseEvent('click', { bubbles: true, cancelable: true });
      link.dispatchEvent(click);
      if (click.defaultPrevented) return resolve(performance.now());
    }
    requestAnimationFrame(look);
  };
  look();
})`;

/** How soon the overview of the dashboard answers in Chromium, with nothing in its cache and with everything, and how much script that takes. */
export async function dashboard(stand: Stand, sizes: Sizes): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-bench-dashboard-'));
  const { db, close } = await createMigrated(stand.postgres, 'bench_dashboard');
  const dashboardDir = join(folder, 'built');
  const log = pino({ level: 'silent' });
  try {
    await buildDashboard(dashboardDir);
    const token = await seeded(db);
    const app = createServer({
      db,
      log,
      serviceKey: 'the-service-key-of-the-bench',
      maxBodyBytes: 1_048_576,
      dashboardDir,
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const browser = await openBrowser();
    try {
      await opened(browser, url, token);
      const rounds = [];
      for (let n = 0; n < sizes.rounds * OPENINGS; n += 1) rounds.push(await opened(browser, url, token));
      return sectionOf(rounds, browser.version());
    } finally {
      await browser.close();
      await app.close();
    }
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A user with two days of deliveries; gives a portal token of theirs. */
async function seeded(db: Database): Promise<string> {
  await seedEventTypes(db);
  const [owner, stranger] = [await newWebhook(db), await newWebhook(db)];
  const people = { owner: { id: owner.user }, stranger: { id: stranger.user } };
  await seedDeliveries(db, await seedWebhooks(db, people, (path) => `https://receiver.example.com${path}`));
  const { rows } = await db.query<{ token: string }>(
    "SELECT token FROM hookline.create_access_token('portal_token', $1::uuid, NULL, 'write', '1 hour')",
    [owner.user],
  );
  return rows[0]?.token ?? '';
}

interface Opening {
  readonly cold: number;
  readonly warm: number;
  readonly script: LoadedScript;
}

/** Opens the overview twice in a new profile of the browser that is signed in already. */
async function opened(browser: Browser, url: string, token: string): Promise<Opening> {
  const context = await browser.newContext({ locale: 'en' });
  try {
    const signedIn = await context.request.post(`${url}/v1/session`, { data: { token } });
    if (!signedIn.ok()) throw new Error(`the session was refused: ${await signedIn.text()}`);
    await context.addInitScript(UNTIL_INTERACTIVE);
    const page = await context.newPage();
    const loaded = countScript(page);
    await page.goto(url);
    const cold = (await page.evaluate('globalThis.interactive')) as number;
    await page.waitForLoadState('load');
    const script = await loaded();
    return { cold, warm: await openedAgain(context, url), script };
  } finally {
    await context.close();
  }
}

async function openedAgain(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(url);
  return (await page.evaluate('globalThis.interactive')) as number;
}

function sectionOf(openings: readonly Opening[], browser: string): Section {
  const row = (cache: string, values: readonly number[]) => ({
    cache,
    'ms to interactive': rounded(median(values), 0),
    'least ms': rounded(Math.min(...values), 0),
    'most ms': rounded(Math.max(...values), 0),
  });
  const { files, bytes, gzipped } = openings[0]?.script ?? { files: 0, bytes: 0, gzipped: 0 };
  const kilobytes = rounded(gzipped / 1_000, 1);
  return {
    name: 'dashboard',
    title: 'The dashboard',
    says:
      `From the beginning of the navigation to / until the heading of the overview is there and a link of the navigation answers a click, in Chromium ${browser} without a ` +
      `window; the median of ${openings.length} openings, each in a new profile that is signed in: first with an empty cache, then once more. Server and browser share the ` +
      `machine. Until then ${files} scripts of ${rounded(bytes / 1_000, 1)} kB are loaded, ${kilobytes} kB compressed by gzip.`,
    rows: [
      row(
        'empty',
        openings.map(({ cold }) => cold),
      ),
      row(
        'filled',
        openings.map(({ warm }) => warm),
      ),
    ],
    targets: [{ what: 'gzipped script of the first load', value: kilobytes, atMost: MOST_KILOBYTES, unit: 'kB' }],
  };
}
