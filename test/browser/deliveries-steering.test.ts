import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';

describe('the list of deliveries, for each', () => {
  const dashboard = useDashboard();
  const rowsOf = (page: Page) => page.getByRole('table', { name: 'Deliveries' }).locator('tbody tr');

  it('retries those that are chosen, and sums up what was refused and why', async () => {
    const page = await dashboard.open({ path: '/deliveries?status=failed&response_status=404', refusals: [409] });
    await expect.poll(() => rowsOf(page).count()).toBe(6);
    const ids = await rowsOf(page).evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key') ?? ''));
    await page.getByRole('checkbox', { name: 'Choose all that have failed' }).check();
    await page.getByText('6 failed deliveries chosen').waitFor();
    for (const id of ids.slice(2)) await page.locator(`tr[data-key="${id}"]`).getByRole('checkbox').uncheck();
    await page.getByText('2 failed deliveries chosen').waitFor();
    await page.getByRole('button', { name: 'Retry chosen' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry chosen deliveries' });
    await expectAccessible(page);
    await screenshot(page, 'deliveries/retry-chosen');
    // Somebody else was quicker with one of them.
    await dashboard.db.query("UPDATE webhook_deliveries SET status = 'success', failed_at = NULL WHERE id = $1::uuid", [
      ids[0] ?? '',
    ]);
    await dialog.getByRole('button', { name: 'Retry 2 deliveries' }).click();
    await dialog.getByText('1 delivery is tried again.').waitFor();
    await dialog.getByText('1 was refused:').waitFor();
    await dialog.getByText('delivery_not_failed').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/retried-chosen');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => rowsOf(page).count()).toBe(4);
    // The endpoint answers 200 now. An attempt counts when its answer is recorded.
    const attempts = async () => {
      const { rows } = await dashboard.db.query<{ attempt_number: number }>(
        'SELECT attempt_number FROM webhook_deliveries WHERE id = $1::uuid',
        [ids[1] ?? ''],
      );
      return rows;
    };
    await expect.poll(attempts).toEqual([{ attempt_number: 2 }]);
  });

  it('teaches the next step where there is nothing, and shows a stranger nothing of others', async () => {
    const newcomer = await dashboard.open({ as: 'newcomer', path: '/deliveries' });
    await newcomer.getByText('No deliveries yet').waitFor();
    await newcomer.getByRole('link', { name: 'Send a test event' }).waitFor();
    await expectAccessible(newcomer);
    await screenshot(newcomer, 'deliveries/none');
    const stranger = await dashboard.open({
      as: 'stranger',
      path: `/deliveries?webhook_id=${dashboard.webhooks.good}`,
      refusals: [404],
    });
    await stranger.getByText('No delivery matches').waitFor();
    await dashboard.follow(stranger, `/deliveries/${dashboard.deliveries.failed}`);
    await stranger.getByText('delivery_not_found').waitFor();
    await expectAccessible(stranger);
  });

  it('says how far it was looked where few match among very many', async () => {
    const { rows } = await dashboard.db.query<{ id: string }>(
      "INSERT INTO webhooks (user_id, name, url, is_verified) VALUES ($1::uuid, 'Busy', 'https://busy.example.com/', true) RETURNING id::text",
      [dashboard.people.newcomer.id],
    );
    await dashboard.db.query(MANY, [rows[0]?.id ?? '']);
    const page = await dashboard.open({ as: 'newcomer', path: '/deliveries?response_status=418', refusals: [503] });
    await page.getByText('Looked through 20,000 deliveries so far, and none matches.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'deliveries/looked-through');
    await page.route('**/v1/deliveries?*', (route) => route.fulfill({ status: 503, json: AWAY }), { times: 1 });
    await page.getByRole('button', { name: 'Look further' }).click();
    const failure = page.getByRole('alert').filter({ hasText: 'database_unavailable' });
    await failure.waitFor();
    // Nothing of what was looked through is lost: it is gone on from there.
    await page.getByText('Looked through 20,000 deliveries so far, and none matches.').waitFor();
    await failure.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => rowsOf(page).count()).toBe(1);
    await page.getByText('Looked through').waitFor({ state: 'hidden' });
  });

  it('offers nothing to change to whoever may only read', async () => {
    const page = await dashboard.open({ as: 'reader', path: '/deliveries?status=failed' });
    await rowsOf(page).first().waitFor();
    expect(await rowsOf(page).getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Retry|Bulk replay/ }).count()).toBe(0);
  });

  it('shows the operator everybody’s, and one user’s', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/deliveries' });
    await rowsOf(page).nth(49).waitFor();
    await page.getByLabel('User ID').fill(dashboard.people.stranger.id);
    await page.getByLabel('User ID').press('Enter');
    await expect.poll(() => rowsOf(page).count()).toBe(24);
    await expectAccessible(page);
    await rowsOf(page).first().getByRole('link').first().click();
    await page.getByRole('link', { name: 'All deliveries of the user' }).click();
    await expect.poll(() => rowsOf(page).count()).toBe(24);
  });
});

const AWAY = { status: 503, code: 'database_unavailable', title: 'The database cannot be reached.' };

// $1 webhook, with 20,050 delivered ones; the oldest was answered 418.
const MANY = `
  INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload, status, attempt_number, max_attempts,
    response_status, response_time_ms, created_at, attempted_at, delivered_at)
  SELECT w.id, w.user_id, 'video.generated', w.url, '{}', 'success', 1, 4, CASE n WHEN 20050 THEN 418 ELSE 200 END, 10, now() - make_interval(secs => n), now(), now()
  FROM webhooks w CROSS JOIN generate_series(1, 20050) n WHERE w.id = $1::uuid`;
