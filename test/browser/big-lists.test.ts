import type { Page, Request } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDashboard } from './harness/dashboard.js';
import { addPerson, type Person } from './harness/people.js';

const DELIVERIES = 100_000;
const WEBHOOKS = 10_000;
const CONTENTS = 100_000;
const PAGE_ROWS = 50;
/** A page of 50 rows has some 2,000 elements; one that holds a whole list would have hundreds of thousands. */
const MOST_ELEMENTS = 6_000;

describe('lists of 100,000', () => {
  const dashboard = useDashboard();
  let big: Person;
  beforeAll(async () => {
    big = await addPerson(dashboard.db, 'acct_big');
    await dashboard.db.query('UPDATE hookline.settings SET webhooks_per_user = $1::int', [WEBHOOKS]);
    await dashboard.db.transaction(async (tx) => {
      // Without triggers, which take two thirds of the time: the audit log's, the roll-up's.
      await tx.query('SET LOCAL session_replication_role = replica', []);
      await tx.query(MAKE_WEBHOOKS, [big.id, WEBHOOKS]);
      await tx.query(MAKE_DELIVERIES, [big.id, DELIVERIES]);
      await tx.query(MAKE_CONTENTS, [big.id, CONTENTS]);
    });
    await dashboard.db.query('VACUUM ANALYZE webhooks, webhook_deliveries, ai_content, hookline.statistics_hourly', []);
  }, 300_000);

  const rowsOf = (page: Page) => page.locator('main tbody tr');
  async function expectSmall(page: Page): Promise<void> {
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(MOST_ELEMENTS);
  }
  const keysOf = (page: Page) => rowsOf(page).evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key')));

  it.each(['/deliveries', '/webhooks', '/inbox'])(
    '%s opens with one page of them, and is gone through page by page',
    async (path) => {
      const page = await dashboard.open({ token: big.write, path });
      await expect.poll(() => rowsOf(page).count()).toBe(PAGE_ROWS);
      await expectSmall(page);
      const first = await keysOf(page);

      const pages = page.getByRole('navigation', { name: 'Pages' });
      const seen = new Set(first);
      for (const number of [2, 3]) {
        await pages.getByRole('button', { name: 'Next' }).click();
        await pages.getByText(`Page ${number}`).waitFor();
        await expect.poll(async () => (await keysOf(page)).filter((key) => seen.has(key))).toEqual([]);
        const keys = await keysOf(page);
        expect(keys).toHaveLength(PAGE_ROWS);
        for (const key of keys) seen.add(key);
      }
      expect(seen.size).toBe(3 * PAGE_ROWS);
      await expectSmall(page);
      for (const number of [2, 1]) {
        await pages.getByRole('button', { name: 'Previous' }).click();
        await pages.getByText(`Page ${number}`).waitFor();
      }
      await expect.poll(() => keysOf(page)).toEqual(first);
    },
  );

  it('are no burden to the pages that only offer a choice of them, or tell of them', async () => {
    const page = await dashboard.open({ token: big.write });
    for (const path of ['/', '/try', '/replays', '/deliveries', '/webhooks/new', '/event-types']) {
      let requests = 0;
      const count = (request: Request): void => {
        if (new URL(request.url()).pathname.startsWith('/v1/')) requests += 1;
      };
      page.on('request', count);
      await dashboard.visit(page, path);
      page.off('request', count);
      await expectSmall(page);
      // Whoever reads ten thousand webhooks, a hundred at a time, asks a hundred times.
      expect({ path, isModest: requests < 20 ? true : requests }).toEqual({ path, isModest: true });
    }
  });

  it('are gone through by the operator, too, who has a tenant with many', async () => {
    const page = await dashboard.open({ as: 'operator' });
    for (const path of [
      '/',
      '/webhooks',
      '/deliveries',
      '/inbox',
      '/operator',
      '/operator/tenants',
      '/operator/webhooks',
    ]) {
      await dashboard.follow(page, path);
      await expectSmall(page);
    }
    await dashboard.follow(page, '/deliveries');
    await expect.poll(() => rowsOf(page).count()).toBe(PAGE_ROWS);
    await dashboard.follow(page, '/operator/tenants');
    await page.getByText('acct_big').waitFor();
    await expect.poll(async () => await page.locator('main').innerText()).toContain('10,000');
  });
});

// $1 the user, $2 how many. One of ten is not verified, so that conditions find many.
const MAKE_WEBHOOKS = `
  INSERT INTO webhooks (user_id, name, url, is_verified, created_at)
  SELECT $1::uuid, 'Webhook ' || n, 'https://receiver.example.com/' || n, n % 10 <> 0, now() - make_interval(secs => n)
  FROM generate_series(1, $2::int) n`;

// $1 the user, $2 how many; a hundred to each of the first thousand webhooks.
const MAKE_DELIVERIES = `
  INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload, status, attempt_number, response_status, response_time_ms, created_at)
  SELECT w.id, w.user_id, 'video.generated', w.url, jsonb_build_object('n', n), CASE WHEN n % 20 = 0 THEN 'failed' ELSE 'success' END, 1,
         CASE WHEN n % 20 = 0 THEN 500 ELSE 200 END, 20, now() - make_interval(secs => n)
  FROM generate_series(1, $2::int) n JOIN (
    SELECT w.*, row_number() OVER (ORDER BY w.created_at, w.id) AS nth FROM webhooks w WHERE w.user_id = $1::uuid
  ) w ON w.nth = 1 + n % 1000`;

// $1 the user, $2 how many.
const MAKE_CONTENTS = `
  INSERT INTO ai_content (user_id, title, body, event_name, callback_state, event_state, created_at)
  SELECT $1::uuid, 'Content ' || n, 'A body', 'video.generated', 'done', 'skipped', now() - make_interval(secs => n)
  FROM generate_series(1, $2::int) n`;
