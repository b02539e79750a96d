import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useDashboard } from './harness/dashboard.js';

/** What a control that changes something is called, in any of the pages. */
const CHANGES =
  /^(new|create|add|edit|change|delete|remove|pause|resume|activate|retry|replay|bulk replay|rotate|send|trigger|verify (the|again)|request|save|cancel the|disable|enable|subscribe|unsubscribe|replace|end)\b/i;

describe('a read-only session', () => {
  const dashboard = useDashboard();

  /** Names of the controls on a page that change something and can be used. */
  async function changesOn(page: Page, path: string): Promise<string[]> {
    await dashboard.follow(page, path);
    const names = await page
      .locator('main :is(button:not([role=tab]), a[href], summary)')
      .evaluateAll((controls) =>
        controls
          .filter((one) => one.checkVisibility() && !one.matches('[aria-disabled=true], [disabled], :disabled'))
          .map((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim()),
      );
    return names.filter((name) => CHANGES.test(name));
  }

  it('is offered nothing that changes anything, where its owner would be', async () => {
    const { webhooks, deliveries } = dashboard;
    const reader = await dashboard.open({ as: 'reader' });
    const owner = await dashboard.open();
    for (const path of [
      '/webhooks',
      `/webhooks/${webhooks.good}`,
      ...['settings', 'subscriptions', 'secret'].map((tab) => `/webhooks/${webhooks.good}?tab=${tab}`),
      `/deliveries/${deliveries.failed}`,
      '/deliveries',
      '/try',
    ]) {
      expect({ path, offered: await changesOn(owner, path) }).not.toEqual({ path, offered: [] });
      expect({ path, offered: await changesOn(reader, path) }).toEqual({ path, offered: [] });
    }
  });

  it('is told so on pages that are for changing alone', async () => {
    const page = await dashboard.open({ as: 'reader' });
    for (const path of ['/webhooks/new', `/webhooks/${dashboard.webhooks.good}/edit`]) {
      expect({ path, offered: await changesOn(page, path) }).toEqual({ path, offered: [] });
      await page
        .getByText(/may only read|read only/i)
        .last()
        .waitFor();
    }
  });

  it('reads everything that its owner reads', async () => {
    const page = await dashboard.open({ as: 'reader', path: '/webhooks' });
    await page.getByRole('link', { name: 'Orders service' }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders service' }).waitFor();
    await dashboard.follow(page, `/deliveries/${dashboard.deliveries.failed}`);
    await page.getByText('database is away').first().waitFor();
  });
});
