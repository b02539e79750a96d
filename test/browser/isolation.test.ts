import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, settled, useDashboard } from './harness/dashboard.js';

/** What only the owner's rows hold, as any page would show it. */
const OF_OWNER = [
  'Orders service',
  'Billing mirror',
  'Analytics',
  'Old CRM',
  'Former partner',
  'Flaky gateway',
  'River at',
  '/failing',
  'img_',
  'acct_owner',
];

describe('a stranger in the dashboard', () => {
  const dashboard = useDashboard();
  let direct: readonly string[];
  beforeAll(() => {
    const { webhooks, deliveries, content } = dashboard;
    direct = [
      `/webhooks/${webhooks.good}`,
      `/webhooks/${webhooks.failing}/edit`,
      `/deliveries/${deliveries.failed}`,
      `/deliveries/${deliveries.successful}`,
      `/deliveries?webhook_id=${webhooks.good}`,
      `/inbox/${content.done}`,
    ];
  });

  /** All that a page holds, values of fields and attributes included. */
  async function textAt(page: Page, path: string, go = dashboard.follow): Promise<string> {
    await go(page, path);
    return (await page.content()) + (await page.locator('body').innerText());
  }
  function leaks(shown: string): string[] {
    const { owner } = dashboard.people;
    const ids = [owner.id, ...Object.values(dashboard.webhooks).filter((id) => id !== dashboard.webhooks.strangers)];
    return [...OF_OWNER, ...ids].filter((word) => shown.includes(word));
  }

  it('sees nothing of the owner’s on any page, on which the owner does', async () => {
    const stranger = await dashboard.open({ as: 'stranger' });
    const owner = await dashboard.open();
    for (const path of [
      '/',
      '/webhooks',
      '/deliveries',
      '/replays',
      '/try',
      '/inbox',
      '/event-types',
      '/webhooks/new',
    ]) {
      // The catalogue of event types, with its examples, belongs to all.
      const seen = leaks(await textAt(stranger, path)).filter((word) => word !== 'img_');
      expect({ path, seen }).toEqual({ path, seen: [] });
      if (!['/try', '/event-types', '/webhooks/new'].includes(path)) {
        expect({ path, seen: leaks(await textAt(owner, path)) }).not.toEqual({ path, seen: [] });
      }
    }
  });

  it('is told that there is no such thing by direct links to the owner’s, and learns nothing of them', async () => {
    const page = await dashboard.open({ as: 'stranger', refusals: [404] });
    for (const path of direct) {
      const shown = await textAt(page, path, dashboard.visit);
      const seen = leaks(shown).filter((word) => !path.includes(word));
      expect({ path, seen }).toEqual({ path, seen: [] });
      await expectAccessible(page);
    }
  });

  it('is told the same of what is the owner’s as of what there is not', async () => {
    const page = await dashboard.open({ as: 'stranger', refusals: [404] });
    const told = async (kind: string, id: string) => {
      // Else it might be what was told of the one before.
      const answered = page.waitForResponse((response) => response.url().includes(id) && response.status() === 404);
      await Promise.all([answered, dashboard.follow(page, `/${kind}/${id}`)]);
      await settled(page);
      return (await page.locator('main').innerText()).replaceAll(
        /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/g,
        'ID',
      );
    };
    const nothing = '00000000-0000-4000-8000-000000000000';
    const { webhooks, deliveries, content } = dashboard;
    for (const [kind, theirs, none] of [
      ['webhooks', webhooks.good, nothing],
      ['deliveries', deliveries.failed, nothing],
      ['inbox', content.done, '999999999'],
    ] as const) {
      const answer = await told(kind, theirs);
      expect(answer).toMatch(/not_found/);
      expect(answer).toBe(await told(kind, none));
    }
  });

  it('gets no operator’s page, nor does the owner', async () => {
    for (const role of ['stranger', 'owner'] as const) {
      const page = await dashboard.open({ as: role });
      for (const path of ['/operator', '/operator/tenants', '/operator/workers', '/operator/webhooks']) {
        await dashboard.follow(page, path);
        await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
      }
    }
  });

  it('is seen by the operator beside the owner', async () => {
    const page = await dashboard.open({ as: 'operator' });
    const webhooks = await textAt(page, '/webhooks');
    expect(webhooks).toContain('Orders service');
    expect(webhooks).toContain("Stranger's hook");
    const tenants = await textAt(page, '/operator/tenants');
    expect(tenants).toContain('acct_owner');
    expect(tenants).toContain('acct_stranger');
    expect(await textAt(page, `/deliveries/${dashboard.deliveries.failed}`)).toContain('database is away');
  });
});
