import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, settled, useDashboard } from './harness/dashboard.js';

const IMAGE = { image_id: 'img_live', url: 'https://cdn.example.com/live.png' };
const ENDED = { contentType: 'text/event-stream', body: 'event: end\ndata: {}\n\n' };

describe('the list of deliveries', () => {
  const dashboard = useDashboard();
  const rowsOf = (page: Page) => page.getByRole('table', { name: 'Deliveries' }).locator('tbody tr');
  const latestOf = async (webhookId: string): Promise<string> => {
    const { rows } = await dashboard.db.query<{ id: string }>(
      'SELECT id::text FROM webhook_deliveries WHERE webhook_id = $1::uuid ORDER BY created_at DESC LIMIT 1',
      [webhookId],
    );
    return rows[0]?.id ?? '';
  };
  const status = (page: Page) => page.getByRole('search').getByLabel('Status', { exact: true });

  it('is narrowed by status, response, event type, webhook and time, and a link keeps that', async () => {
    const page = await dashboard.open({ path: '/deliveries' });
    await rowsOf(page).nth(49).waitFor();
    await screenshot(page, 'deliveries/list');

    await status(page).selectOption('Failed');
    await expect.poll(() => rowsOf(page).getByText('Failed', { exact: true }).count()).toBe(50);
    await page.getByLabel('Response').selectOption('4xx, refused');
    await expect.poll(() => rowsOf(page).count()).toBe(6);
    await page.getByLabel('Webhook').selectOption('Billing mirror');
    await page.getByText('No delivery matches').waitFor();
    await page.getByLabel('Webhook').selectOption('Orders service');
    await expect.poll(() => rowsOf(page).count()).toBe(6);

    await page.getByLabel('Response').selectOption('A status code…');
    await page.getByLabel('Status code').fill('40');
    await page.getByLabel('Status code').press('Enter');
    await page.getByText('A code from 100 to 599.').waitFor();
    await page.getByLabel('Status code').fill('404');
    await page.getByLabel('Status code').press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('response_status')).toBe('404');
    await page.getByLabel('Created').selectOption('Last 24 hours');
    await expect.poll(() => rowsOf(page).count()).toBe(2);
    await page.getByLabel('Event type').fill('video.failed');
    await expect.poll(() => new URL(page.url()).searchParams.get('event_type')).toBe('video.failed');
    // The table is dimmed while it is read anew.
    await settled(page);
    await expectAccessible(page);
    await screenshot(page, 'deliveries/filtered');

    const same = await dashboard.open({ path: new URL(page.url()).pathname + new URL(page.url()).search });
    await expect.poll(() => rowsOf(same).count()).toBe(2);
    await expect.poll(() => same.getByLabel('Status code').inputValue()).toBe('404');
    await same.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => rowsOf(same).count()).toBe(50);
    expect(new URL(same.url()).search).toBe('');
    // What was chosen but is in no address goes, too.
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Status code').waitFor({ state: 'hidden' });
  });

  it('is narrowed by two times of the reader’s own clock', async () => {
    const page = await dashboard.open({ path: '/deliveries' });
    await page.getByLabel('Created').selectOption('Between two times…');
    const local = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString().slice(0, 19);
    await page.getByLabel('From').fill(local(3));
    await page.getByLabel('Until').fill(local(2));
    await page.getByLabel('Until').press('Enter');
    await page.waitForURL(/since=.+until=/);
    // Before the first rows there are none.
    await rowsOf(page).first().waitFor();
    // Five events in an hour, and of them one or two failed, too.
    await expect.poll(() => rowsOf(page).count()).toBeLessThan(9);
    const until = new URL(page.url()).searchParams.get('until') ?? '';
    const [row] = await page.evaluate(async (query) => {
      const answer = await fetch(`/v1/deliveries?limit=1&${query}`);
      return ((await answer.json()) as { data: { created_at: string }[] }).data;
    }, new URL(page.url()).searchParams.toString());
    expect(Date.parse(row?.created_at ?? '')).toBeLessThanOrEqual(Date.parse(until));
  });

  it('follows by itself on its first page, and elsewhere says that there are newer ones', async () => {
    const page = await dashboard.open({ path: '/deliveries?event_type=image.generated&status=success' });
    await page.getByText('Live', { exact: true }).waitFor();
    // A stream that the server ends while the session goes on: another takes its place by itself, and all below comes by that one.
    await page.route('**/v1/deliveries/stream', (route) => route.fulfill(ENDED), { times: 1 });
    await page.reload();
    await page.getByText('Not live, trying again').waitFor();
    const later = await dashboard.open({ path: '/deliveries' });
    await rowsOf(later).nth(49).waitFor();
    await later.getByRole('button', { name: 'Next' }).click();
    await later.getByText('Page 2').waitFor();
    await later.getByText('Live', { exact: true }).waitFor();

    await page.getByText('Live', { exact: true }).waitFor();
    await dashboard.trigger('image.generated', IMAGE);
    const id = await latestOf(dashboard.webhooks.good);
    await page.locator(`tr[data-key="${id}"]`).getByText('Delivered').waitFor();
    await later.getByText('There are newer deliveries.').waitFor();
    expect(await later.locator(`tr[data-key="${id}"]`).count()).toBe(0);
    await expectAccessible(later);
    // Whoever looks at one and comes back finds the page that they left.
    await rowsOf(later).first().getByRole('link').first().click();
    await later.getByRole('region', { name: 'Request' }).waitFor();
    await later.goBack();
    await later.getByText('Page 2').waitFor();
    await later.getByText('Live', { exact: true }).waitFor();
    await dashboard.trigger('image.generated', IMAGE);
    await later.getByRole('button', { name: 'Show the newest' }).click();
    await later.locator(`tr[data-key="${id}"]`).waitFor();
    await later.getByText('Page 1').waitFor();
    await later.getByText('There are newer deliveries.').waitFor({ state: 'hidden' });

    await rowsOf(later).getByRole('checkbox').first().check();
    await dashboard.trigger('image.generated', IMAGE);
    const held = await latestOf(dashboard.webhooks.good);
    await page.locator(`tr[data-key="${held}"]`).getByText('Delivered').waitFor();
    await later.getByText('There are newer deliveries. The list stands still').waitFor();
    await later.getByRole('button', { name: 'Choose none' }).click();
    await later.locator(`tr[data-key="${held}"]`).waitFor();
  });

  it('is usable at 360 pixels, dark, in Chinese', async () => {
    const page = await dashboard.open({ path: '/deliveries', language: 'zh-CN', theme: 'dark', width: 360 });
    const rows = page.getByRole('table', { name: '投递记录' }).locator('tbody tr');
    await rows.nth(49).waitFor();
    await page.getByLabel('状态', { exact: true }).first().selectOption('失败');
    await expect.poll(() => rows.getByText('失败', { exact: true }).count()).toBe(50);
    await expectAccessible(page);
    await screenshot(page, 'deliveries/list-narrow-dark-zh');
    await rows.first().getByRole('checkbox').check();
    await page.getByText('已选 1 条失败的投递').waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await rows.first().getByRole('link').first().click();
    await page.getByRole('button', { name: '立即重试' }).waitFor();
    await page.getByText('第 4 次尝试').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/one-narrow-dark-zh');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});
