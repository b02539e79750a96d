import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';

describe('AI inbox', () => {
  const dashboard = useDashboard();
  /** A webhook of the owner, as the receiver stores it: its event is triggered in the same transaction. */
  async function receive(title: string, payload = '{"video_id": "vid_of_inbox"}'): Promise<string> {
    const { rows } = await dashboard.db.query<{ id: string }>(INSERT, [title, dashboard.people.owner.id, payload]);
    const id = rows[0]?.id ?? '';
    await dashboard.db.query('SELECT * FROM hookline.emit_stored_event($1::bigint, $2::jsonb)', [id, payload]);
    return id;
  }

  it('shows what came in, each with its callback and event, linked through to the deliveries', async () => {
    const page = await dashboard.open({ path: '/inbox' });
    const row = page.getByRole('row', { name: /River at dawn/ });
    await row.waitFor();
    expect((await row.innerText()).replace(/\s+/g, ' ')).toMatch(/video\.generated Done Triggered Deliveries/);
    expect(await page.getByText('mountain').count()).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'inbox/list');

    await expect
      .poll(() => row.getByRole('link', { name: 'Deliveries' }).getAttribute('href'))
      .toMatch(/^\/deliveries\?event_id=[0-9a-f-]{36}$/);
    await row.getByRole('link', { name: 'River at dawn' }).click();
    await page.getByRole('heading', { level: 1, name: 'River at dawn' }).waitFor();
    await page.getByText('The gateway was told the record’s id and took it.').waitFor();
    await page.getByText('A river in the morning light.', { exact: false }).waitFor();
    const deliveries = page.getByRole('list', { name: 'Deliveries' }).getByRole('link');
    await deliveries.first().waitFor();
    await expect.poll(() => deliveries.first().getAttribute('href')).toMatch(/^\/deliveries\/[0-9a-f-]{36}$/);
    await expectAccessible(page);
    await screenshot(page, 'inbox/content');
    await page.getByRole('link', { name: 'Show in the list of deliveries' }).click();
    await page.waitForURL(/\/deliveries\?event_id=[0-9a-f-]{36}$/);
  });

  it('lets new ones come in by themselves, marked and announced', async () => {
    const page = await dashboard.open({ path: '/inbox' });
    await page.getByRole('row', { name: /River at dawn/ }).waitFor();
    const id = await receive('River in autumn');
    const row = page.getByRole('row', { name: /River in autumn/ });
    await row.getByText('New', { exact: true }).waitFor();
    await page.getByText('A new webhook has come in.').waitFor({ state: 'attached' });
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toContain('River in autumn');
    await row.getByText('New', { exact: true }).waitFor({ state: 'detached' });

    await row.getByRole('link', { name: 'Deliveries' }).waitFor();
    await row.getByRole('link', { name: 'River in autumn' }).click();
    await page.waitForURL(new RegExp(`/inbox/${id}$`));
    await page.getByRole('list', { name: 'Deliveries' }).getByText('Delivered').first().waitFor();
  });

  it('filters by name and states in the address', async () => {
    const page = await dashboard.open({ path: '/inbox?callback_state=failed' });
    await page.getByRole('row', { name: /River at dusk/ }).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await expect.poll(() => page.getByLabel('Callback').inputValue()).toBe('failed');

    await page.getByLabel('Callback').selectOption('');
    await page.getByLabel('Event', { exact: true }).selectOption('skipped');
    await page.getByRole('row', { name: /River in snow/ }).waitFor();
    await page.waitForURL(/\/inbox\?event_state=skipped$/);
    await page.getByLabel('Event name').fill('nothing.like.this');
    await page.getByText('No received webhook is like that.', { exact: false }).waitFor();
    await page.waitForURL(/event_name=nothing\.like\.this/);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('row', { name: /River at dawn/ }).waitFor();
    // What the filters hid has not come in since.
    expect(await page.getByText('New', { exact: true }).count()).toBe(0);
    expect(new URL(page.url()).search).toBe('');

    await page.getByLabel('Callback').selectOption('failed');
    await page.waitForURL(/\/inbox\?callback_state=failed$/);
    await page.getByLabel('Event name').fill('nothing.like.this');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => page.getByLabel('Event name').inputValue()).toBe('');
    await page.getByRole('row', { name: /River at dawn/ }).waitFor();
  });

  it('says of each state what it means, and shows the webhook in its own digits, as text', async () => {
    const { refused, pending, failed, strangers } = dashboard.content;
    const page = await dashboard.open({ path: `/inbox/${refused}`, refusals: [404] });
    await page.getByText('HOOKLINE_CALLBACK_ORIGINS says which are', { exact: false }).waitFor();
    await page.getByText('There is no event type of this name, or no such user', { exact: false }).waitFor();
    await dashboard.follow(page, `/inbox/${pending}`);
    await page.getByText(/Next try\s*in (1 hour|\d+ minutes)/).waitFor();
    // What is still to be done is followed to its end.
    await dashboard.db.query("UPDATE ai_content SET callback_state = 'done' WHERE id = $1::bigint", [pending]);
    await page.getByText('The gateway was told the record’s id and took it.').waitFor();
    await dashboard.follow(page, `/inbox/${failed}`);
    await page.getByText('22023: the payload is refused').waitFor();

    const id = await receive('<img src=x onerror=alert(1)>', '{"n": 12345678901234567890, "html": "<b>bold</b>"}');
    await dashboard.follow(page, `/inbox/${id}`);
    await page.getByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>' }).waitFor();
    await page.getByText('"n": 12345678901234567890').waitFor();
    await page.getByText('"<b>bold</b>"').waitFor();

    await dashboard.follow(page, `/inbox/${strangers}`);
    await page.getByRole('alert').getByText('content_not_found').waitFor();
  });

  it('pages through many, and stays where one is while new ones come in', async () => {
    await dashboard.db.query(
      `INSERT INTO ai_content (title, metadata, payload) SELECT 'Many ' || n, jsonb_build_object('user_id', $1::text), '{}' FROM generate_series(1, 60) n`,
      [dashboard.people.stranger.id],
    );
    const page = await dashboard.open({ as: 'stranger', path: '/inbox' });
    await page.getByRole('row', { name: /Many 60/ }).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(51);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('row', { name: /Stranger's mountain/ }).waitFor();
    await page.getByText('Page 2').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByRole('row', { name: /Many 60/ }).waitFor();
  });

  it('teaches a newcomer how to send one, says where they are stored elsewhere, and is Chinese where that is wanted', async () => {
    const page = await dashboard.open({ as: 'newcomer', path: '/inbox', refusals: [409] });
    await page.getByText('No AI webhook yet').waitFor();
    await page
      .getByText(`npx hookline gateway-sim --to ${dashboard.url}/webhooks/modelriver`, { exact: false })
      .waitFor();
    await expectAccessible(page);
    await screenshot(page, 'inbox/empty');
    // As a server answers users that stores the webhooks in a database of another kind (test/integration/api-ai-content-elsewhere.test.ts).
    await page.route('**/v1/ai-content?*', (route) => route.fulfill({ status: 409, json: ELSEWHERE }));
    await page.reload();
    await page.getByText('Stored in another database', { exact: true }).waitFor();
    await page.getByText('Only the operator sees them here.').waitFor();
    expect(await page.getByRole('search').or(page.getByRole('alert')).count()).toBe(0);
    await expectAccessible(page);

    const zh = await dashboard.open({ path: '/inbox', language: 'zh-CN', theme: 'dark', width: 360 });
    await zh.getByText('River at dawn').waitFor();
    await zh.getByLabel('回调').selectOption({ label: '被拒绝' });
    await zh.getByText('来源不在允许范围内').waitFor();
    expect(await zh.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(zh);
    await screenshot(zh, 'inbox/list-zh-360-dark');
    await zh.getByRole('link', { name: 'River in snow' }).click();
    await zh.getByText('回调 URL 不在允许范围内', { exact: false }).waitFor();
    await expectAccessible(zh);
  });
});

const ELSEWHERE = {
  status: 409,
  code: 'content_stored_elsewhere',
  title: 'AI webhooks are stored in another database.',
};

const INSERT = `
  INSERT INTO ai_content (title, category, metadata, event_name, payload, idempotency_key, callback_url, callback_state)
  VALUES ($1::text, 'video', jsonb_build_object('user_id', $2::text), 'video.generated', $3::json, md5($1::text) || md5($1::text), 'https://api.modelriver.com/v1/callback/x', 'done')
  RETURNING id::text`;
