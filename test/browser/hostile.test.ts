import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, resize, screenshot, useDashboard } from './harness/dashboard.js';
import { sidewaysBy } from './harness/figures.js';
import { addPerson, type Person } from './harness/people.js';

const SCRIPT = '<script>globalThis.harmed = 1</script>';
const IMAGE = '<img src=x onerror="globalThis.harmed = 1">';
const BREAKOUT = `"'></pre></textarea></title><svg onload=globalThis.harmed=1>${SCRIPT}`;
/** Turns the direction of what follows, so that a name ends like another one. */
const RIGHT_TO_LEFT = '\u202egnp.exe\u202c שלום';
const LONG = 'x'.repeat(3_000);
const TEMPLATE = '{{constructor.constructor("globalThis.harmed = 1")()}} $t(app.signOut) <%= globalThis.harmed = 1 %>';
const PAYLOAD = {
  '<b onclick=harmed>': SCRIPT,
  ['__proto__']: { harmed: 1 },
  url: 'javascript:globalThis.harmed=1',
  breakout: BREAKOUT,
  template: TEMPLATE,
  rtl: RIGHT_TO_LEFT,
  long: LONG,
};

describe('what comes from outside', () => {
  const dashboard = useDashboard();
  let victim: Person;
  let webhook: string;
  let delivery: string;
  let content: string;
  beforeAll(async () => {
    const { db } = dashboard;
    victim = await addPerson(db, `acct ${IMAGE}`);
    const one = async (sql: string, params: unknown[]): Promise<string> => {
      const { rows } = await db.query<{ id: string }>(sql, params as string[]);
      return rows[0]?.id ?? '';
    };
    const url = `https://receiver.example.com/${encodeURIComponent(SCRIPT)}?q="'><script>harmed</script>&${LONG}`;
    const add = (name: string): Promise<string> =>
      one(
        `INSERT INTO webhooks (user_id, name, url, description, metadata, is_active, disabled_reason) VALUES ($1::uuid, $2, $3, $4, $5::jsonb, false, 'gone')
         RETURNING id::text`,
        [victim.id, name, url, BREAKOUT, JSON.stringify(PAYLOAD)],
      );
    for (const name of [RIGHT_TO_LEFT, TEMPLATE, LONG.slice(0, 255)]) await add(name);
    webhook = await add(IMAGE);
    const headers = { 'x-evil': BREAKOUT, 'content-type': 'text/html' };
    delivery = await one(
      `INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_headers, request_payload, request_signature, status, attempt_number,
         max_attempts, response_status, response_headers, response_body, response_time_ms, error_code, error_message)
       VALUES ($1::uuid, $2::uuid, $3, $4, $5::jsonb, $6::jsonb, $7, 'failed', 1, 4, 500, $5::jsonb, $8, 10, 'http_server_error', $9) RETURNING id::text`,
      [
        ...[webhook, victim.id, IMAGE, url, JSON.stringify(headers), JSON.stringify(PAYLOAD), BREAKOUT],
        ...[`<!doctype html><title>x</title>${BREAKOUT}${IMAGE}${LONG}`, BREAKOUT],
      ],
    );
    await db.query(
      `INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, response_status, response_body, error_message)
       VALUES ($1::uuid, $2::uuid, $3::uuid, 1, now(), 500, $4, $4)`,
      [delivery, webhook, victim.id, BREAKOUT],
    );
    content = await one(
      `INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name, payload, callback_url, callback_state, callback_error, event_state, event_error)
       VALUES ($1, $2, $1, $3::jsonb, 'chan', $1, $3::jsonb, 'javascript:globalThis.harmed=1', 'failed', $2, 'failed', $2) RETURNING id::text`,
      [IMAGE, BREAKOUT, JSON.stringify({ ...PAYLOAD, user_id: victim.id })],
    );
    await db.query(
      `INSERT INTO webhook_events (event_type, category, description, payload_schema) VALUES ($1, $1, $2, $3::jsonb)`,
      [
        IMAGE,
        BREAKOUT,
        JSON.stringify({
          type: 'object',
          title: SCRIPT,
          description: BREAKOUT,
          properties: { [SCRIPT]: { type: 'string', examples: [BREAKOUT], description: IMAGE } },
        }),
      ],
    );
  });

  /** Nothing of it became an element, an attribute that acts, or an address that does. */
  async function expectHarmless(page: Page): Promise<void> {
    const found = await page.evaluate(() => ({
      harmed: 'harmed' in globalThis || 'harmed' in {},
      scripts: [...document.scripts].filter(({ src }) => !src.startsWith(`${location.origin}/assets/`)).length,
      images: document.querySelectorAll('img[src="x"], svg[onload], b[onclick]').length,
      handlers: [...document.querySelectorAll('*')].filter((one) =>
        one.getAttributeNames().some((name) => name.startsWith('on')),
      ).length,
      links: [...document.links].map(({ protocol }) => protocol).filter((protocol) => !/^https?:$/.test(protocol)),
    }));
    expect(found).toEqual({ harmed: false, scripts: 0, images: 0, handlers: 0, links: [] });
    expect(dashboard.watchOf(page).troubles).toEqual([]);
  }
  const paths = () => [
    ['webhooks', '/webhooks'],
    ['webhook', `/webhooks/${webhook}`],
    ['edit', `/webhooks/${webhook}/edit`],
    ['deliveries', '/deliveries'],
    ['delivery', `/deliveries/${delivery}`],
    ['inbox', '/inbox'],
    ['content', `/inbox/${content}`],
    ['event-types', '/event-types'],
    ['event-type', `/event-types/${encodeURIComponent(IMAGE)}`],
    ['try', '/try'],
    ['overview', '/'],
  ];

  it('shows as text alone on every page, and breaks none, wide or narrow', async () => {
    const page = await dashboard.open({ token: victim.write });
    for (const [name, path = ''] of paths()) {
      // What came in an address is in that of the page that is loaded.
      await dashboard[name === 'event-type' ? 'visit' : 'follow'](page, path);
      for (const width of [1280, 360]) {
        await resize(page, width);
        await screenshot(page, `hostile/${name}-${width}`);
        await expectHarmless(page);
        expect({ path, width, sideways: await sidewaysBy(page) }).toEqual({ path, width, sideways: 0 });
      }
    }
  });

  it('is there to be read: names, payloads, headers and answers letter by letter', async () => {
    const page = await dashboard.open({ token: victim.write, path: '/webhooks' });
    await page.getByRole('link', { name: IMAGE, exact: true }).waitFor();
    await dashboard.follow(page, `/webhooks/${webhook}`);
    await page.getByRole('heading', { level: 1, name: IMAGE }).waitFor();
    await dashboard.follow(page, `/inbox/${content}`);
    await page.getByRole('heading', { level: 1, name: IMAGE }).waitFor();
    await dashboard.follow(page, `/deliveries/${delivery}`);
    const shown = await page.locator('main').innerText();
    for (const text of [SCRIPT, 'javascript:globalThis.harmed=1', '</textarea>', '<b onclick=harmed>'])
      expect(shown).toContain(text);
    await expectAccessible(page);
  });

  it('does the operator no more harm', async () => {
    const page = await dashboard.open({ as: 'operator' });
    for (const path of ['/operator', '/operator/tenants', '/operator/webhooks', '/webhooks', '/inbox', '/replays']) {
      await dashboard.follow(page, path);
      await expectHarmless(page);
    }
    await dashboard.follow(page, '/operator/tenants');
    await page.getByText(`acct ${IMAGE}`).waitFor();
  });

  it('in the address of a page does nothing either', async () => {
    const page = await dashboard.open({ token: victim.write, refusals: [400, 404, 422] });
    for (const path of [
      `/deliveries?status=${encodeURIComponent(IMAGE)}&event_type=${encodeURIComponent(BREAKOUT)}`,
      `/webhooks?condition=${encodeURIComponent(BREAKOUT)}`,
      `/event-types/${encodeURIComponent('..%2f<script>')}`,
      `/sign-in?next=${encodeURIComponent('javascript:globalThis.harmed=1')}`,
    ]) {
      await dashboard.visit(page, path);
      await expectHarmless(page);
    }
  });

  it('cannot run script even where it got into the document: the policy refuses it', async () => {
    const page = await dashboard.open({ token: victim.write });
    await page.evaluate((markup) => {
      const frame = document.createElement('div');
      document.body.append(frame);
      frame.innerHTML = markup;
      const script = document.createElement('script');
      script.textContent = 'globalThis.harmed = 1';
      document.body.append(script);
    }, IMAGE);
    const watch = dashboard.watchOf(page);
    await expect
      .poll(() => watch.troubles.filter((text) => /Content Security Policy/.test(text)).length)
      .toBeGreaterThan(1);
    expect(await page.evaluate(() => 'harmed' in globalThis)).toBe(false);
    watch.clear();
  });
});
