import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { sidewaysBy } from './harness/figures.js';

describe('bulk replays', () => {
  const dashboard = useDashboard();

  const rowOf = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
  const ownersOf = async (page: Page) =>
    (await page.getByRole('rowheader').getByRole('link').allInnerTexts()).toSorted();

  /** Has everything that ended of the owner's “Orders service” sent again, so slowly that it is still running when it is cancelled. */
  async function begin(): Promise<void> {
    const response = await fetch(`${dashboard.url}/v1/webhooks/${dashboard.webhooks.good}/replays`, {
      method: 'POST',
      headers: { authorization: `Bearer ${dashboard.people.owner.write}`, 'content-type': 'application/json' },
      body: JSON.stringify({ since: '2020-01-01T00:00:00Z', status: 'all', rate_per_second: 1 }),
    });
    expect(response.status, await response.text()).toBe(202);
  }

  it('are listed with how far they came, and filtered by state in the address', async () => {
    const page = await dashboard.open({ path: '/replays' });
    const completed = rowOf(page, /Orders service.*Completed/s);
    const bar = completed.getByRole('progressbar', { name: 'Progress of the replay to Orders service' });
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['120', '120']);
    await completed.getByText('120 of 120').waitFor();
    expect(
      await rowOf(page, /Billing mirror.*Cancelled/s)
        .getByRole('progressbar')
        .getAttribute('aria-valuetext'),
    ).toBe('17 of 40');
    await expectAccessible(page);
    await page.getByLabel('State').selectOption({ label: 'Cancelled' });
    await page.waitForURL(`${dashboard.url}/replays?state=cancelled`);
    await expect.poll(() => ownersOf(page)).toEqual(['Billing mirror']);
    await page.reload();
    await rowOf(page, /Billing mirror/).waitFor();
    await page.getByLabel('State').selectOption({ label: 'Expired' });
    await page.getByText('There is no replay in this state').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.waitForURL(`${dashboard.url}/replays`);
    await expect.poll(() => ownersOf(page)).toEqual(['Billing mirror', 'Orders service']);
    await completed.getByRole('link', { name: 'Deliveries of the replay to Orders service' }).click();
    await page.waitForURL(new RegExp(`/deliveries\\?webhook_id=${dashboard.webhooks.good}&since=.+&until=.+`));
  });

  it('are seen to go on, by the owner and the operator, and cancelled once that is confirmed', async () => {
    await begin();
    const page = await dashboard.open({ path: '/replays' });
    const running = rowOf(page, /Orders service.*Running/s);
    const made = async () =>
      Number(/^\d+/.exec((await running.getByRole('progressbar').getAttribute('aria-valuetext')) ?? '')?.[0]);
    await expect.poll(made, { timeout: 20_000 }).toBeGreaterThan(1);
    await running.getByText(/up to 1 a second · about .+ left/).waitFor();
    await screenshot(page, 'replays/running');

    const reader = await dashboard.open({ as: 'reader', path: '/replays' });
    await rowOf(reader, /Orders service.*Running/s).waitFor();
    expect(await reader.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    const operator = await dashboard.open({ as: 'operator', path: '/operator' });
    const everybodys = operator.getByRole('region', { name: 'Running replays' });
    await everybodys.getByRole('row', { name: /Orders service.*Running/s }).waitFor();
    await expectAccessible(operator);

    await running.getByRole('button', { name: 'Cancel the replay to Orders service' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the replay to Orders service' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await running.getByRole('button', { name: 'Cancel the replay to Orders service' }).click();
    await dialog.getByRole('button', { name: 'Cancel the replay', exact: true }).click();
    // First what is said for some seconds.
    await page.getByText('The replay to Orders service is cancelled.').waitFor();
    await rowOf(page, /Orders service.*Cancelled/s).waitFor();
    const { rows } = await dashboard.db.query<{ state: string }>(
      'SELECT state FROM hookline.replays WHERE webhook_id = $1::uuid ORDER BY created_at DESC LIMIT 1',
      [dashboard.webhooks.good],
    );
    expect(rows).toEqual([{ state: 'cancelled' }]);
    await everybodys.getByText('No bulk replay is running.').waitFor();
  });

  it('of others are nobody’s to see; who has none learns what they are for', async () => {
    const page = await dashboard.open({ as: 'stranger', path: '/replays' });
    await page.getByText('There is no replay yet').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await expectAccessible(page);
    const operator = await dashboard.open({ as: 'operator', path: '/replays' });
    const row = rowOf(operator, /Billing mirror/);
    await row.getByRole('link', { name: dashboard.people.owner.id.slice(0, 8) }).click();
    await operator.waitForURL(`${dashboard.url}/operator/tenants?search=${dashboard.people.owner.id}`);
  });

  it('say in Chinese what keeps one from going on, on 360 pixels', async () => {
    await dashboard.db.query(
      `INSERT INTO hookline.replays (webhook_id, user_id, status_filter, since, until, rate_per_second, total, created, waiting_for, waiting_since, cursor_at, due_at)
       SELECT id, user_id, 'failed', '-infinity', now(), 5, 4200, 1260, 'paused', now() - interval '3 minutes', now(), now() + interval '1 day'
       FROM webhooks WHERE id = $1::uuid`,
      [dashboard.webhooks.waiting],
    );
    const page = await dashboard.open({ path: '/replays', language: 'zh-CN', theme: 'dark', width: 360 });
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'Rate-limited partner', exact: true }) });
    await row.getByText('等待端点要求的暂停结束').waitFor();
    const bar = row.getByRole('progressbar', { name: 'Rate-limited partner 的重放进度' });
    await expect.poll(() => bar.getAttribute('aria-valuetext')).toBe('1,260 / 4,200');
    expect(await sidewaysBy(page)).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'replays/zh-dark-360');
    await row.getByRole('button', { name: '取消 Rate-limited partner 的重放' }).click();
    await page.getByRole('button', { name: '取消重放', exact: true }).click();
    await row.getByText('已取消').waitFor();
  });
});
