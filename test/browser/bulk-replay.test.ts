import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';

describe('a bulk replay', () => {
  const dashboard = useDashboard();

  it('is counted first, goes on before one’s eyes, and is the only one of its webhook', async () => {
    const page = await dashboard.open({ path: '/deliveries?status=retrying', refusals: [503] });
    await page.getByRole('button', { name: 'Bulk replay' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bulk replay' });
    await dialog.getByText('Choose a webhook to see').waitFor();
    await expectAccessible(page);
    await dialog.getByLabel('Webhook').selectOption('Orders service');
    await dialog.getByText('would be sent again').waitFor();
    await dialog.getByLabel('Created').selectOption('Last 15 minutes');
    await dialog.getByText('No delivery is like that.').waitFor();
    await dialog.getByLabel('Created').selectOption('Last 7 days');
    await dialog.getByText('6 deliveries would be sent again.').waitFor();
    await dialog.getByLabel('Which deliveries').selectOption('All, delivered ones too');
    await dialog.getByText('240 deliveries would be sent again.').waitFor();
    await dialog.getByLabel('Deliveries a second').fill('0');
    await dialog.getByText('A whole number from 1 to 1,000.').waitFor();
    await dialog.getByLabel('Deliveries a second').fill('1');
    await dialog.getByText('That takes 4 min at least.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/replay-count');
    await dialog.getByRole('button', { name: 'Replay 240 deliveries' }).click();
    await dialog.getByText('Running', { exact: true }).waitFor();
    await expect
      .poll(async () => Number(await dialog.getByRole('progressbar').getAttribute('value')))
      .toBeGreaterThan(0);
    await expectAccessible(page);
    await screenshot(page, 'deliveries/replay-running');
    // A server that was away for a moment: it is said, and then gone on with.
    const made = Number(await dialog.getByRole('progressbar').getAttribute('value'));
    await page.route('**/v1/replays/*', (route) => route.fulfill({ status: 503, json: AWAY }));
    await dialog.getByRole('alert').getByText('database_unavailable').waitFor();
    await page.unroute('**/v1/replays/*');
    await dialog.getByRole('alert').waitFor({ state: 'hidden' });
    await expect
      .poll(async () => Number(await dialog.getByRole('progressbar').getAttribute('value')))
      .toBeGreaterThan(made);

    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Bulk replay' }).click();
    await dialog.getByLabel('Webhook').selectOption('Orders service');
    await dialog.getByText('A replay of this webhook is running.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel the replay' }).click();
    await dialog.getByText('Cancelled. What was made is still sent.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel the replay' }).waitFor({ state: 'hidden' });
  });

  it('begins on the page of its webhook, of that one alone', async () => {
    const page = await dashboard.open({ path: `/webhooks/${dashboard.webhooks.failing}` });
    await page.getByRole('button', { name: 'Replay…' }).waitFor();
    await screenshot(page, 'webhooks/actions');
    await page.getByRole('button', { name: 'Replay…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bulk replay' });
    await dialog.getByLabel('Created').selectOption('Last 7 days');
    await dialog.getByText('would be sent again.').waitFor();
    expect(await dialog.getByLabel('Webhook').count()).toBe(0);
    await expectAccessible(page);
    await dialog.getByLabel('Deliveries a second').fill('1');
    await dialog.getByRole('button', { name: /^Replay \d+ deliveries$/ }).click();
    await dialog.getByText('Running', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel the replay' }).click();
    await dialog.getByText('Cancelled. What was made is still sent.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const opener = page.getByRole('button', { name: 'Replay…' });
    await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);

    const reader = await dashboard.open({ as: 'reader', path: `/webhooks/${dashboard.webhooks.failing}` });
    await reader.getByRole('tab', { name: 'Overview' }).waitFor();
    expect(await reader.getByRole('button', { name: 'Replay…' }).count()).toBe(0);
  });
});

const AWAY = { status: 503, code: 'database_unavailable', title: 'The database cannot be reached.' };
