import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { figure, sidewaysBy } from './harness/figures.js';

const HOUR_MS = 3_600_000;

describe('the overview', () => {
  const dashboard = useDashboard();
  beforeAll(async () => {
    // When the hour turns while a test reads, the hour that leaves the last 24 is one without a delivery.
    await dashboard.db.query(
      "DELETE FROM hookline.statistics_hourly WHERE hour < date_trunc('hour', now()) - interval '22 hours'",
    );
  });

  /** What ended of a user's within 24 hours, by outcome. */
  async function endedOf(userId: string): Promise<{ delivered: number; failed: number }> {
    const { rows } = await dashboard.db.query<{ delivered: number; failed: number }>(
      `SELECT sum(successful)::int AS delivered, sum(failed)::int AS failed FROM hookline.statistics_hourly s JOIN webhooks w ON w.id = s.webhook_id
       WHERE w.user_id = $1::uuid AND s.hour >= date_trunc('hour', now()) - interval '23 hours'`,
      [userId],
    );
    return rows[0] ?? { delivered: 0, failed: 0 };
  }
  const asTable = (page: Page, section: string) =>
    page.getByRole('region', { name: section }).getByRole('button', { name: 'As a table' });
  const rowsOf = (page: Page, section: string) =>
    page.getByRole('region', { name: section }).getByRole('rowheader').allInnerTexts();

  it('tells the user’s own figures, as stats, as charts and as tables', async () => {
    // An hour in which nothing ended.
    await dashboard.db.query(
      "DELETE FROM hookline.statistics_hourly WHERE hour = date_trunc('hour', now()) - interval '5 hours'",
    );
    const { delivered, failed } = await endedOf(dashboard.people.owner.id);
    expect(failed).toBeGreaterThan(0);
    const page = await dashboard.open();
    await figure(page, 'Deliveries')
      .getByText(String(delivered + failed), { exact: true })
      .waitFor();
    await figure(page, 'Success rate')
      .getByText(/^\d\d(\.\d)?%$/)
      .waitFor();
    await figure(page, 'Response time, median')
      .getByText(/p95 .* · p99 /)
      .waitFor();
    await figure(page, 'Queue').getByText('3 to retry · 0 claimed by workers').waitFor();
    await page.getByRole('img', { name: `Deliveries over time: ${delivered} delivered, ${failed} failed.` }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'overview/user-en-light');

    await asTable(page, 'Deliveries over time').click();
    const hours = page.getByRole('region', { name: 'Deliveries over time' }).getByRole('row');
    // One of them is the head; hours without a delivery are there, too.
    await expect.poll(() => hours.count()).toBe(25);
    const cells = await hours.last().getByRole('cell').allInnerTexts();
    expect(cells).toHaveLength(2);
    const sums = await hours.evaluateAll((rows) =>
      [1, 2].map((column) =>
        rows.slice(1).reduce((sum, row) => sum + Number(row.children[column]?.lastChild?.textContent), 0),
      ),
    );
    expect(sums).toEqual([delivered, failed]);
    await asTable(page, 'Response times').click();
    await page.getByRole('region', { name: 'Response times' }).getByRole('columnheader', { name: 'Median' }).waitFor();
    // What lies under the bar at the top is too small a target, as axe sees it.
    await page.evaluate(() => scrollTo(0, 0));
    await expectAccessible(page);
  });

  it('a longer period is chosen by the keyboard, shown by the day, and stands in the address', async () => {
    const page = await dashboard.open();
    await page.getByRole('radio', { name: '24 hours' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(`${dashboard.url}/?period=7d`);
    await asTable(page, 'Deliveries over time').click();
    const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const days = new Set(
      Array.from({ length: 168 }, (_, index) => new Date(now - index * HOUR_MS).toISOString().slice(0, 10)),
    );
    await expect.poll(async () => (await rowsOf(page, 'Deliveries over time')).length).toBe(days.size);
    await page.reload();
    await page.getByRole('radio', { name: '7 days', checked: true }).waitFor();
    await page.getByRole('radio', { name: '35 days' }).check();
    await page.waitForURL(`${dashboard.url}/?period=35d`);
    await expectAccessible(page);
    await page.getByRole('radio', { name: '24 hours' }).check();
    await page.waitForURL(`${dashboard.url}/`);
  });

  it('leads from the worst endpoint to its failed deliveries, to itself, and to what failed last', async () => {
    const { failing } = dashboard.webhooks;
    const page = await dashboard.open();
    const worst = page.getByRole('table', { name: 'Worst endpoints' });
    await expect.poll(() => worst.getByRole('rowheader').first().innerText()).toContain('Billing mirror');
    await worst.getByRole('link', { name: /^Failed deliveries of Billing mirror: \d+$/ }).click();
    await page.waitForURL(`${dashboard.url}/deliveries?webhook_id=${failing}&status=failed`);
    await page.goBack();
    await worst.getByRole('link', { name: 'Billing mirror', exact: true }).click();
    await page.waitForURL(`${dashboard.url}/webhooks/${failing}`);
    await page.goBack();
    const latest = page.getByRole('table', { name: 'Latest failed deliveries' }).getByRole('row').nth(1);
    await latest.getByRole('cell', { name: /HTTP 500/ }).waitFor();
    await latest.getByRole('link').click();
    await page.waitForURL(/\/deliveries\/[0-9a-f-]{36}$/);
    await page.goBack();
    await page.getByRole('region', { name: 'Event types' }).getByRole('link', { name: 'video.generated' }).click();
    await page.waitForURL(`${dashboard.url}/deliveries?event_type=video.generated`);
  });

  it('follows by itself what is delivered', async () => {
    const page = await dashboard.open();
    await page.getByText('Live', { exact: true }).waitFor();
    const { delivered, failed } = await endedOf(dashboard.people.owner.id);
    await figure(page, 'Deliveries')
      .getByText(String(delivered + failed), { exact: true })
      .waitFor();
    await dashboard.trigger('account.closed', { account_id: 'nobody subscribes to it' });
    const ids = await dashboard.trigger('video.generated', {
      video_id: 'live',
      status: 'completed',
      url: 'https://cdn.example.com/live.mp4',
    });
    expect(ids.length).toBeGreaterThan(0);
    await expect
      .poll(async () => Number(await figure(page, 'Deliveries').getByRole('definition').first().innerText()), {
        timeout: 15_000,
      })
      .toBeGreaterThan(delivered + failed);
    // The others would end while later tests count. What a breaker or a pause holds is not tried.
    const { good, failing, unverified } = dashboard.webhooks;
    const untried = async () => {
      const { rows } = await dashboard.db.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM webhook_deliveries WHERE attempt_number = 0 AND webhook_id IN ($1::uuid, $2::uuid, $3::uuid)',
        [good, failing, unverified],
      );
      return rows[0]?.n;
    };
    await expect.poll(untried).toBe(0);
  });

  it('shows a stranger nothing of others, and the operator everybody’s', async () => {
    const stranger = await dashboard.open({ as: 'stranger' });
    const own = await endedOf(dashboard.people.stranger.id);
    await figure(stranger, 'Deliveries')
      .getByText(String(own.delivered + own.failed), { exact: true })
      .waitFor();
    expect(await stranger.getByText('Billing mirror').count()).toBe(0);

    const operator = await dashboard.open({ as: 'operator', theme: 'dark' });
    await operator.getByText('How the webhooks of all tenants fare.').waitFor();
    const all = await endedOf(dashboard.people.owner.id);
    await figure(operator, 'Deliveries')
      .getByText(String(all.delivered + all.failed + own.delivered + own.failed), { exact: true })
      .waitFor();
    const worst = operator.getByRole('table', { name: 'Worst endpoints' });
    await worst
      .getByRole('row', { name: /Billing mirror/ })
      .getByRole('link', { name: dashboard.people.owner.id.slice(0, 8) })
      .click();
    await operator.waitForURL(`${dashboard.url}/operator/tenants?search=${dashboard.people.owner.id}`);
    await operator.goBack();
    await expectAccessible(operator);
    await screenshot(operator, 'overview/operator-en-dark');
  });

  it('teaches somebody who has nothing yet the first steps', async () => {
    const page = await dashboard.open({ as: 'newcomer' });
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.waitFor();
    await expect
      .poll(() => steps.getByRole('heading', { level: 3 }).allInnerTexts())
      .toEqual(['Create a webhook', 'Send a test event', 'Verify signatures']);
    expect(await page.getByRole('radio').count()).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'overview/newcomer');
    await steps.getByRole('link', { name: 'Create a webhook' }).click();
    await page.waitForURL(`${dashboard.url}/webhooks/new`);

    const reading = await dashboard.open({ token: dashboard.people.newcomer.read });
    await reading.getByRole('region', { name: 'First steps' }).waitFor();
    expect(await reading.getByRole('link', { name: 'Create a webhook' }).count()).toBe(0);
  });

  it('speaks Chinese, and fits 360 pixels', async () => {
    const page = await dashboard.open({ language: 'zh-CN', width: 360, theme: 'dark' });
    const { delivered, failed } = await endedOf(dashboard.people.owner.id);
    await figure(page, '投递数')
      .getByText(String(delivered + failed), { exact: true })
      .waitFor();
    await page.getByRole('img', { name: /^投递趋势：成功 \d+，失败 \d+。$/ }).waitFor();
    await page.getByRole('radio', { name: '7 天' }).check();
    await page.waitForURL(`${dashboard.url}/?period=7d`);
    await page
      .getByRole('table', { name: '失败最多的端点' })
      .getByRole('link', { name: 'Billing mirror', exact: true })
      .waitFor();
    expect(await sidewaysBy(page)).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'overview/user-zh-dark-360');
  });
});
