import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { portalToken } from './harness/people.js';

describe('signing in', () => {
  const dashboard = useDashboard();
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
  const alertOf = async (page: Page) => (await page.getByRole('alert').innerText()).replace(/\s+/g, ' ');

  async function change(token: string, set: string): Promise<void> {
    const { rows } = await dashboard.db.query(
      `UPDATE hookline.access_tokens SET ${set} WHERE hash = sha256(convert_to($1, 'UTF8')) RETURNING id`,
      [token],
    );
    expect(rows).toHaveLength(1);
  }
  const newToken = () => portalToken(dashboard.db, dashboard.people.owner.id, 'write');

  it('by a portal link: the page opens where the link leads, and the token is gone from address, history and storage', async () => {
    const token = await newToken();
    const page = await dashboard.open({ token, path: '/webhooks?condition=failing' });
    await heading(page, 'Webhooks').waitFor();
    expect(page.url()).toBe(`${dashboard.url}/webhooks?condition=failing`);

    const browser = await page.context().newCDPSession(page);
    const { entries } = await browser.send('Page.getNavigationHistory');
    expect(entries.map(({ url }) => url).filter((url) => url.includes(token))).toEqual([]);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toContain(token);
    expect(kept).not.toContain('hookline_session');
    const cookies = await page.context().cookies(`${dashboard.url}/v1`);
    expect(cookies).toMatchObject([{ name: 'hookline_session', httpOnly: true, sameSite: 'Strict', path: '/v1' }]);
    expect(JSON.stringify(cookies)).not.toContain(token);
  });

  it.each([
    ['that nobody made', async () => 'hkp_nobody-made-this-one', 'unknown_token'],
    ['that is not whole', async () => 'abc', 'malformed_token'],
    [
      'that has expired',
      async () => {
        const token = await newToken();
        await change(token, "expires_at = now() - interval '1 minute'");
        return token;
      },
      'token_expired',
    ],
    [
      'that was revoked',
      async () => {
        const token = await newToken();
        await change(token, 'revoked_at = now()');
        return token;
      },
      'token_revoked',
    ],
  ])('by a link with a token %s: says so and what to do, and takes another', async (_what, tokenOf, code) => {
    const page = await dashboard.open({ token: await tokenOf(), refusals: [401] });
    await heading(page, 'Sign in').waitFor();
    expect(page.url()).toBe(`${dashboard.url}/`);
    const told = await alertOf(page);
    expect(told).toContain(code);
    expect(told).toMatch(/ask for a new (one|link)/i);
    await expectAccessible(page);
    await screenshot(page, `sign-in/${code}`);

    await page.getByLabel('Token').fill(await newToken());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, 'Overview').waitFor();
  });

  it('by a pasted token, with the keyboard, and out again, which forgets what was shown', async () => {
    const page = await dashboard.open({ as: 'nobody', path: '/webhooks' });
    await heading(page, 'Sign in').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Token').focus();
    await page.keyboard.insertText(`  ${await newToken()}\n`);
    await page.keyboard.press('Enter');
    await heading(page, 'Webhooks').waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'Sign in').waitFor();
    await page.getByRole('navigation').first().waitFor({ state: 'hidden' });
    expect(await page.context().cookies(`${dashboard.url}/v1`)).toEqual([]);
    await page.reload();
    await heading(page, 'Sign in').waitFor();
  });

  it('tells in Chinese, too', async () => {
    const page = await dashboard.open({ token: 'hkp_nobody-made-this-one', refusals: [401], language: 'zh-CN' });
    await heading(page, '登录').waitFor();
    expect(await alertOf(page)).toMatch(/链接/);
    await expectAccessible(page);
    await screenshot(page, 'sign-in/zh');
  });

  it('stays through a reload', async () => {
    const page = await dashboard.open({ path: '/deliveries' });
    await page.reload();
    await heading(page, 'Deliveries').waitFor();
  });

  it('by a portal link that is opened where somebody else is signed in: nothing of theirs stays', async () => {
    const page = await dashboard.open({ path: '/webhooks' });
    await page.getByRole('link', { name: 'Orders service' }).waitFor();
    const token = await portalToken(dashboard.db, dashboard.people.newcomer.id, 'write');
    // The address differs in its fragment alone, which loads nothing.
    await page.goto(`${dashboard.url}/webhooks#token=${token}`);
    await page.getByRole('link', { name: 'Orders service' }).waitFor({ state: 'detached' });
    await heading(page, 'Webhooks').waitFor();
    await expect.poll(() => page.url()).toBe(`${dashboard.url}/webhooks`);
    expect(await page.getByRole('link', { name: 'Orders service' }).count()).toBe(0);
  });

  it('in one tab as somebody else changes the others, too, and so does signing out', async () => {
    const page = await dashboard.open({ path: '/webhooks' });
    await page.getByRole('link', { name: 'Orders service' }).waitFor();
    const other = await page.context().newPage();
    await other.goto(`${dashboard.url}/webhooks#token=${dashboard.people.newcomer.write}`);
    await heading(other, 'Webhooks').waitFor();
    await page.getByRole('link', { name: 'Orders service' }).waitFor({ state: 'detached' });
    await heading(page, 'Webhooks').waitFor();
    expect(await page.getByRole('link', { name: 'Orders service' }).count()).toBe(0);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'Sign in').waitFor();
  });

  it('shows who is signed in: a read-only session and the operator are marked', async () => {
    const reader = await dashboard.open({ as: 'reader' });
    await reader.getByText('Read only', { exact: true }).waitFor();
    const operator = await dashboard.open({ as: 'operator' });
    await operator.getByRole('link', { name: 'Operator' }).waitFor();
    const owner = await dashboard.open();
    expect(await owner.getByText('Read only', { exact: true }).count()).toBe(0);
    expect(await owner.getByRole('link', { name: 'Operator' }).count()).toBe(0);
  });
});
