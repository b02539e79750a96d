import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.js';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';

const IMAGE = { image_id: 'img_1', url: 'https://cdn.example.com/1.png', width: 1024 };
describe('one delivery', () => {
  const dashboard = useDashboard();

  /** Sends an event for real, and gives the delivery to “Orders service” when it has been answered. */
  async function delivered(): Promise<string> {
    await dashboard.trigger('image.generated', IMAGE);
    return waitUntil(
      async () => {
        const { rows } = await dashboard.db.query<{ id: string; status: string }>(
          'SELECT id::text, status FROM webhook_deliveries WHERE webhook_id = $1::uuid ORDER BY created_at DESC LIMIT 1',
          [dashboard.webhooks.good],
        );
        return rows[0]?.status === 'success' ? rows[0].id : undefined;
      },
      { message: () => 'the delivery to be answered', timeoutMs: 15_000 },
    );
  }
  const verdict = (page: Page) => page.getByRole('region', { name: 'Signature' }).getByRole('status');

  it('shows what was sent and answered, and verifies the signature in the page', async () => {
    await dashboard.db.query('UPDATE webhooks SET sign_asymmetric = true WHERE id = $1::uuid', [
      dashboard.webhooks.good,
    ]);
    const id = await delivered();
    const page = await dashboard.open({ path: `/deliveries/${id}`, isOwnTab: true });
    await page.getByText('Delivered at the first attempt').waitFor();
    const request = page.getByRole('region', { name: 'Request' });
    await request.getByText('webhook-signature', { exact: true }).waitFor();
    await request.getByText('As sent').click();
    await request.getByText('"image_id":"img_1"').waitFor();
    await page.getByRole('region', { name: 'Response', exact: true }).getByText('"received": true').waitFor();
    expect(await page.getByText('the response went on').count()).toBe(0);

    await page.getByRole('button', { name: 'Verify signature' }).click();
    await verdict(page).getByText('The signature holds').waitFor();
    const holding = verdict(page)
      .getByRole('listitem')
      .filter({ hasText: /holds$/ });
    await expect
      .poll(() => holding.locator('code').allInnerTexts())
      .toEqual(['webhook-signature: v1', 'webhook-signature: v1a', 'X-Webhook-Signature']);
    await expectAccessible(page);
    await screenshot(page, 'deliveries/verified');

    await page.getByLabel('Check with another secret').check();
    await page.getByRole('button', { name: 'Verify signature' }).click();
    await page.getByText('Paste the secret first.').waitFor();
    await page.getByLabel('Secret', { exact: true }).fill('another secret');
    await page.getByRole('button', { name: 'Verify signature' }).click();
    await verdict(page).getByText('This secret did not make the signature.').waitFor();
    // The public key did: no secret that is pasted changes that.
    await expect.poll(() => holding.locator('code').allInnerTexts()).toEqual(['webhook-signature: v1a']);
    await page.getByLabel('Secret', { exact: true }).fill('whsec_no base64');
    await page.getByRole('button', { name: 'Verify signature' }).click();
    await verdict(page).getByText('This is no secret').waitFor();

    // The endpoint said more than is kept; and on pages that are neither of https nor of loopback browsers check nothing.
    await dashboard.db.query(
      `UPDATE webhook_deliveries SET response_headers = response_headers || '{"content-length": "70000"}' WHERE id = $1::uuid`,
      [id],
    );
    await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
    await page.reload();
    await page.getByText('Of the body the first 17 bytes are kept; the response went on.').waitFor();
    await page.getByText('Browsers check signatures only on pages of https or localhost.').waitFor();
    expect(await page.getByRole('button', { name: 'Verify signature' }).count()).toBe(0);
  });

  it('says that an earlier secret may have signed, and takes it from whoever may only read', async () => {
    const id = await delivered();
    const { rows } = await dashboard.db.query<{ secret: string }>('SELECT secret FROM webhooks WHERE id = $1::uuid', [
      dashboard.webhooks.good,
    ]);
    const reader = await dashboard.open({ as: 'reader', path: `/deliveries/${id}` });
    await reader.getByLabel('Secret', { exact: true }).fill(rows[0]?.secret ?? '');
    await reader.getByRole('button', { name: 'Verify signature' }).click();
    await verdict(reader).getByText('The signature holds').waitFor();

    const page = await dashboard.open({ path: `/deliveries/${id}` });
    const rotated = await page.evaluate(async (webhookId) => {
      const session = (await (await fetch('/v1/session')).json()) as { csrf_token: string };
      const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token };
      const body = JSON.stringify({ overlap_seconds: 0 });
      return (await fetch(`/v1/webhooks/${webhookId}/secret/rotate`, { method: 'POST', headers, body })).status;
    }, dashboard.webhooks.good);
    expect(rotated).toBe(200);
    await page.getByRole('button', { name: 'Verify signature' }).click();
    await verdict(page).getByText('present secret did not make this signature').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/rotated');
  });

  it('counts the next retry down, and has every attempt on its timeline', async () => {
    const page = await dashboard.open({ path: `/deliveries/${dashboard.deliveries.retrying}` });
    const timer = page.getByRole('region', { name: 'How it stands' }).getByRole('timer');
    const left = async () => {
      const [minutes = 0, seconds = 0] = ((await timer.textContent()) ?? '').split(':').map(Number);
      return minutes * 60 + seconds;
    };
    const before = await left();
    expect(before).toBeGreaterThan(35 * 60);
    expect(before).toBeLessThanOrEqual(46 * 60);
    await expect.poll(left).toBeLessThan(before);

    const timeline = page.getByRole('region', { name: 'Attempts' }).getByRole('listitem');
    await expect.poll(() => timeline.count()).toBe(4);
    await timeline.nth(2).getByText('Timed out').waitFor();
    await timeline.nth(2).getByText('Attempt 1').click();
    await timeline.nth(2).getByText('or raise the time-out of the webhook', { exact: false }).waitFor();
    await timeline.nth(2).getByText('There was no response.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/retrying');
  });

  it('is retried, and follows by itself', async () => {
    const page = await dashboard.open({ path: `/deliveries/${dashboard.deliveries.failed}` });
    await page.getByText('4 of 4').waitFor();
    const other = await dashboard.open({ as: 'reader', path: `/deliveries/${dashboard.deliveries.failed}` });
    await other.getByText('4 of 4').waitFor();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByText('It is tried again now.').waitFor();
    await page.getByText('5 of 5').waitFor();
    await page.getByRole('region', { name: 'Attempts' }).getByText('Attempt 5').waitFor();
    // Whoever only looks on sees it, too.
    await other.getByText('5 of 5').waitFor();
    await other.getByRole('region', { name: 'Attempts' }).getByText('Attempt 5').waitFor();
    await page.getByRole('button', { name: 'Retry now' }).waitFor();
    await screenshot(page, 'deliveries/failed');
  });

  it('leads to its webhook, its event’s other deliveries, and copies as curl', async () => {
    const page = await dashboard.open({ path: `/deliveries/${dashboard.deliveries.failed}` });
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toContain(`curl -X POST '${dashboard.endpoint.at('/failing')}'`);
    expect(await copied()).toContain("--data-raw '{");
    const related = page.getByRole('region', { name: 'Belongs to' });
    await related.getByRole('link', { name: 'Billing mirror' }).waitFor();
    await related.getByRole('link', { name: 'All deliveries of the event' }).click();
    await page.getByRole('table', { name: 'Deliveries' }).getByRole('link', { name: 'video.failed' }).nth(1).waitFor();
    expect(new URL(page.url()).searchParams.get('event_id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('leads to the AI content whose event it is of', async () => {
    const payload = { video_id: 'vid_ai', id: dashboard.content.done, channel_id: 'chan_1' };
    await dashboard.trigger('video.generated', payload);
    const { rows } = await dashboard.db.query<{ id: string; event_id: string }>(
      'SELECT id::text, event_id::text FROM webhook_deliveries WHERE webhook_id = $1::uuid ORDER BY created_at DESC LIMIT 1',
      [dashboard.webhooks.good],
    );
    const [made] = rows;
    const page = await dashboard.open({ path: '/replays' });
    const content = page.waitForResponse((response) =>
      response.url().endsWith(`/v1/ai-content/${dashboard.content.done}`),
    );
    await dashboard.follow(page, `/deliveries/${made?.id}`);
    await (await content).finished();
    const related = page.getByRole('region', { name: 'Belongs to' });
    await related.getByRole('link', { name: 'Orders service' }).waitFor();
    await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
    // The content names another event so far: what a payload says is no proof.
    expect(await related.getByRole('link', { name: 'River at dawn' }).count()).toBe(0);
    await dashboard.db.query('UPDATE ai_content SET event_id = $1::uuid WHERE id = $2::bigint', [
      made?.event_id ?? '',
      dashboard.content.done,
    ]);
    await page.reload();
    await related.getByRole('link', { name: 'River at dawn' }).click();
    // The same content, read for the delivery, shows at once, and the webhook on the way back.
    await page.getByRole('heading', { level: 1, name: 'River at dawn' }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/inbox/${dashboard.content.done}`);
    await page.goBack();
    await related.getByRole('link', { name: 'Orders service' }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders service' }).waitFor();
    await page.getByRole('tab', { name: 'Overview' }).waitFor();
    await page.goBack();
    await related.getByRole('link', { name: 'Orders service' }).waitFor();
  });

  it('is verified in Chinese, in the dark', async () => {
    const page = await dashboard.open({
      path: `/deliveries/${await delivered()}`,
      language: 'zh-CN',
      theme: 'dark',
    });
    await page.getByText('第 1 次尝试送达').waitFor();
    await page.getByRole('button', { name: '验证签名' }).click();
    await page.getByText('签名有效：正文确由此密钥签名。').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/verified-dark-zh');
  });
});
