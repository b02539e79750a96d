import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.js';
import { settled, useDashboard } from './harness/dashboard.js';
import { portalToken } from './harness/people.js';

describe('a session', () => {
  const dashboard = useDashboard();
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
  const newToken = () => portalToken(dashboard.db, dashboard.people.owner.id, 'write');
  const revoke = (token: string) =>
    dashboard.db.query(
      "UPDATE hookline.access_tokens SET revoked_at = now() WHERE hash = sha256(convert_to($1, 'UTF8'))",
      [token],
    );

  it('is not over where the server cannot be reached to end it', async () => {
    const page = await dashboard.open();
    await page.route('**/v1/session', (route) => route.abort());
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Not signed out').waitFor();
    await page.unroute('**/v1/session');
    await heading(page, 'Overview').waitFor();
    dashboard.watchOf(page).clear();
  });

  it('is not over while the server restarts: what is open stays', async () => {
    const page = await dashboard.open({ path: '/event-types', refusals: [503] });
    const failed = page.waitForResponse((answer) => answer.status() === 503 && answer.url().endsWith('/v1/session'));
    await page.route('**/v1/session', (route) => route.fulfill({ status: 503, json: AWAY }));
    await page.route('**/v1/deliveries/stream', (route) => route.fulfill(ENDED), { times: 1 });
    await page.getByRole('link', { name: 'Deliveries' }).first().click();
    await failed;
    await settled(page);
    await page.getByRole('button', { name: 'Bulk replay' }).click();
    await page.getByRole('dialog', { name: 'Bulk replay' }).waitFor();
  });

  it('ends wherever it is refused, also in a dialog', async () => {
    const token = await newToken();
    const page = await dashboard.open({ token, path: `/webhooks/${dashboard.webhooks.paused}`, refusals: [401] });
    await page.getByRole('button', { name: 'Delete webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Old CRM');
    await page.route('**/v1/webhooks/*', (route) =>
      route.request().method() === 'DELETE' ? route.fulfill({ status: 401, json: REVOKED }) : route.fallback(),
    );
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await heading(page, 'Sign in').waitFor();
    await page.getByRole('alert').getByText('token_revoked').waitFor();
  });

  it('ends when the token is revoked while the page is open: what it showed is gone, and it says why', async () => {
    const token = await newToken();
    const page = await dashboard.open({ token, path: '/webhooks', refusals: [401] });
    await page.getByText('Orders service').first().waitFor();
    await revoke(token);
    // Each process takes it for up to two seconds more.
    await waitUntil(
      async () => {
        if (await heading(page, 'Sign in').isVisible()) return true;
        // Under way the links may be gone.
        for (const name of ['Deliveries', 'Webhooks']) {
          await page
            .getByRole('link', { name, exact: true })
            .click({ timeout: 1_000 })
            .catch(() => undefined);
        }
        return false;
      },
      { message: 'the page to be signed out', timeoutMs: 30_000, intervalMs: 300 },
    );
    await page.getByRole('alert').getByText('token_revoked').waitFor();
    expect(await page.getByText('Orders service').count()).toBe(0);
  });

  it('ends for a page that is opened again later, and says why', async () => {
    const token = await newToken();
    const page = await dashboard.open({ token, refusals: [401] });
    await revoke(token);
    await waitUntil(
      async () => {
        await page.reload();
        await page.getByRole('heading', { level: 1 }).waitFor();
        return await heading(page, 'Sign in').isVisible();
      },
      { message: 'the page to be signed out', timeoutMs: 30_000 },
    );
    await page.getByRole('alert').getByText('token_revoked').waitFor();
  });
});

const AWAY = { status: 503, code: 'database_unavailable', title: 'The database cannot be reached.' };
const REVOKED = { status: 401, code: 'token_revoked', title: 'The token was revoked.' };
/** How the server ends a stream when it shuts down. */
const ENDED = { contentType: 'text/event-stream', body: 'event: end\ndata: {}\n\n' };
