import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { figure, sidewaysBy } from './harness/figures.js';

describe('the operator view', () => {
  const dashboard = useDashboard();

  const tenants = async (page: Page) =>
    (await page.getByRole('table', { name: 'Tenants' }).getByRole('rowheader').allInnerTexts()).map(
      (text) => text.split('\n')[0],
    );

  it('tells at a glance how the installation fares, and leads to its parts', async () => {
    const page = await dashboard.open({ as: 'operator' });
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Operator' }).click();
    await figure(page, 'Workers alive').getByText('all of them beat').waitFor();
    await figure(page, 'Queue')
      .getByText(/to retry/)
      .waitFor();
    const card = (name: string) => page.getByRole('link', { name: new RegExp(`^${name} \\d+`) }).innerText();
    await page.getByRole('link', { name: 'Unverified 2' }).waitFor();
    expect((await card('Breaker open')).split('\n').at(-1)).toBe('1');
    await expectAccessible(page);
    await screenshot(page, 'operator/glance');
    await page.getByRole('link', { name: 'Disabled 1' }).click();
    await page.waitForURL(`${dashboard.url}/operator/webhooks?condition=disabled`);
    await page.getByRole('row', { name: /Former partner.*It answered 410 Gone/s }).waitFor();
    await page
      .getByRole('navigation', { name: 'Pages of the operator' })
      .getByRole('link', { name: 'Workers' })
      .click();
    await page.waitForURL(`${dashboard.url}/operator/workers`);
  });

  it('tells of each condition what it means, and whose webhooks are in it', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/operator/webhooks' });
    const expected = [
      ['Breaker open', 'Flaky gateway', /Next probe/],
      ['Waiting (Retry-After)', 'Rate-limited partner', /Retry-After/],
      ['Disabled', 'Former partner', /410 Gone/],
      ['Unverified', 'Analytics', /No answer with its token yet/],
      ['Failing', 'Billing mirror', /in a row/],
    ] as const;
    await page.getByRole('tab', { name: 'Breaker open' }).focus();
    for (const [condition, webhook, detail] of expected) {
      const panel = page.getByRole('tabpanel', { name: condition });
      const row = panel.getByRole('row', { name: new RegExp(webhook) });
      await row.getByText(detail).first().waitFor();
      await panel.getByText('What to do').waitFor();
      await expectAccessible(page);
      await page.keyboard.press('ArrowRight');
    }
    await page.getByRole('tab', { name: 'Failing' }).click();
    await page.waitForURL(`${dashboard.url}/operator/webhooks?condition=failing`);
    await page.getByRole('link', { name: 'Failed deliveries of Billing mirror' }).click();
    await page.waitForURL(`${dashboard.url}/deliveries?webhook_id=${dashboard.webhooks.failing}&status=failed`);
  });

  it('finds a tenant among many, and goes through their pages', async () => {
    await dashboard.db.query(ADD_TENANTS);
    const page = await dashboard.open({ as: 'operator', path: '/operator/tenants' });
    await expect.poll(async () => (await tenants(page)).length).toBe(50);
    await page.getByRole('button', { name: 'Next' }).click();
    await expect.poll(() => tenants(page)).toEqual(expect.arrayContaining(['acct_owner', 'acct_stranger']));
    await page.getByRole('button', { name: 'Previous' }).click();
    await expect.poll(async () => (await tenants(page)).length).toBe(50);
    await page.getByRole('searchbox', { name: 'Search' }).fill('ACCT_O ');
    await page.waitForURL(`${dashboard.url}/operator/tenants?search=ACCT_O`);
    await expect.poll(() => tenants(page)).toEqual(['acct_owner']);
    await page.getByText('3 stopped').waitFor();
    // The space stays for what may follow.
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('ACCT_O ');
    await expectAccessible(page);
    await page.getByRole('link', { name: /^Failed deliveries of acct_owner: \d+$/ }).click();
    await page.waitForURL(`${dashboard.url}/deliveries?user_id=${dashboard.people.owner.id}&status=failed`);
    await page.goBack();
    await page.getByRole('link', { name: '5 of 7 active: webhooks of acct_owner' }).click();
    await page.waitForURL(`${dashboard.url}/webhooks?user_id=${dashboard.people.owner.id}`);
    await page.goBack();
    await page.getByRole('searchbox', { name: 'Search' }).fill('nobody at all');
    await page.getByText('No tenant was found').waitFor();
  });

  it('gives a tenant a portal link, shown once and copied, that opens the dashboard as they may', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/operator/tenants?search=acct_owner' });
    await page.getByRole('button', { name: 'Portal link for acct_owner' }).click();
    const dialog = page.getByRole('dialog', { name: 'Portal link for acct_owner' });
    await dialog.getByLabel('Access').selectOption({ label: 'Read: look, and change nothing' });
    await dialog.getByLabel('Valid for').selectOption({ label: '15 minutes' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    const url = await dialog.getByRole('textbox', { name: 'Portal link' }).inputValue();
    expect(url).toMatch(new RegExp(`^${dashboard.url}/#token=hkp_`));
    await dialog.getByText(/Read · ends in 1[45] minutes/).waitFor();
    await dialog.getByRole('button', { name: 'Copy the link' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(url);
    await expectAccessible(page);
    await screenshot(page, 'operator/portal-link');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Portal link for acct_owner' }).click();
    expect(await dialog.getByRole('textbox').count()).toBe(0);

    const theirs = await dashboard.open({ token: url.split('#token=')[1] ?? '' });
    await theirs.getByText('Read only').waitFor();
    await theirs.getByRole('link', { name: 'Billing mirror', exact: true }).waitFor();
  });

  it('gives somebody new a portal link, and says what is wrong with a name', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/operator/tenants', refusals: [400, 422] });
    await page.getByRole('button', { name: 'Portal link', exact: true }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Portal link for a tenant' });
    await dialog.getByLabel('Named by').selectOption({ label: 'UUID (user_id)' });
    await dialog.getByLabel('User', { exact: true }).fill('no-uuid');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await dialog.getByRole('alert').getByText('invalid_request').waitFor();
    await dialog.getByLabel('Named by').selectOption({ label: 'Your own id (external_user_id)' });
    await dialog.getByLabel('User', { exact: true }).fill('acct_brand_new');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await dialog.getByText(/^Manage · ends in/).waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await expect.poll(async () => (await tenants(page))[0]).toBe('acct_brand_new');
  });

  it('marks a worker whose heart has stopped', async () => {
    const { db } = dashboard;
    // A worker that beats forgets those that have stopped.
    await db.query(`CREATE FUNCTION public.keep_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);
    await db.query(
      `CREATE TRIGGER keep_stopped BEFORE DELETE ON hookline.workers FOR EACH ROW WHEN (OLD.name = 'worker-7:4242') EXECUTE FUNCTION public.keep_row()`,
    );
    await db.query(
      `INSERT INTO hookline.workers (id, name, started_at, heartbeat_at) VALUES (gen_random_uuid(), 'worker-7:4242', now() - interval '1 hour', now() - interval '1 minute')`,
    );
    const page = await dashboard.open({ as: 'operator', path: '/operator/workers' });
    const stopped = page.getByRole('row', { name: /worker-7:4242/ });
    await stopped.getByText('Dead', { exact: true }).waitFor();
    await stopped.getByText('1 minute ago').waitFor();
    await page.getByRole('row', { name: /Alive/ }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'operator/workers');
    await page.getByRole('link', { name: 'At a glance' }).click();
    await figure(page, 'Workers alive').getByText('1 has stopped beating').waitFor();

    await db.query('DROP TRIGGER keep_stopped ON hookline.workers');
    await page.goBack();
    // It shows by itself that it is forgotten.
    await expect.poll(() => stopped.count(), { timeout: 20_000 }).toBe(0);
  });

  it('speaks Chinese, and fits 360 pixels', async () => {
    const page = await dashboard.open({
      as: 'operator',
      path: '/operator',
      language: 'zh-CN',
      theme: 'dark',
      width: 360,
    });
    await page.getByRole('link', { name: '已熔断 1' }).waitFor();
    await page.getByText('心跳均正常').waitFor();
    for (const path of ['/operator', '/operator/tenants', '/operator/webhooks', '/operator/workers']) {
      await dashboard.follow(page, path);
      await page.getByRole('navigation', { name: '运维页面' }).waitFor();
      expect(await sidewaysBy(page), path).toBe(0);
      await expectAccessible(page);
      await screenshot(page, `operator/zh-dark-360${path.replaceAll('/', '-')}`);
    }
  });

  it('is no page of a user’s', async () => {
    const page = await dashboard.open({ path: '/operator' });
    for (const path of ['/operator', '/operator/tenants', '/operator/workers', '/operator/webhooks']) {
      await dashboard.follow(page, path);
      await page.getByRole('heading', { name: 'Page not found', level: 1 }).waitFor();
      expect(await page.getByRole('link', { name: 'Operator' }).count()).toBe(0);
    }
  });
});

const ADD_TENANTS = `
  WITH made AS (INSERT INTO auth.users (id) SELECT gen_random_uuid() FROM generate_series(10, 61) RETURNING id)
  INSERT INTO hookline.users (user_id, external_user_id) SELECT id, 'crm|' || 9 + row_number() OVER () FROM made`;
