import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useDashboard } from './harness/dashboard.js';

describe('language and theme', () => {
  const dashboard = useDashboard();
  const navigation = (page: Page) => page.getByRole('navigation').first().getByRole('link').allInnerTexts();
  const languageOf = (page: Page) => page.evaluate(() => document.documentElement.lang);
  /** How bright what is shown is, from 0 to 255. */
  const brightness = (page: Page) =>
    page.evaluate(() => {
      const [r = 0, g = 0, b = 0] = (
        getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g) ?? []
      ).map(Number);
      return (r + g + b) / 3;
    });

  it('are the browser’s at first: English', async () => {
    const page = await dashboard.open();
    expect(await languageOf(page)).toBe('en');
    expect(await navigation(page)).toEqual(
      expect.arrayContaining(['Overview', 'Webhooks', 'Deliveries', 'Try it', 'AI inbox']),
    );
    expect(await page.title()).toBe('Overview · Hookline');
  });

  it('are the browser’s at first: Chinese', async () => {
    const page = await dashboard.open({ language: 'zh-CN' });
    expect(await languageOf(page)).toBe('zh-CN');
    for (const name of await navigation(page)) expect(name).toMatch(/\p{Script=Han}|^Webhook$/u);
    expect(await page.title()).toMatch(/\p{Script=Han}.* · Hookline/u);
  });

  it('another language is chosen, shows at once, and is kept for the next visit', async () => {
    const page = await dashboard.open({ path: '/deliveries' });
    await page.getByLabel('Language').selectOption({ label: '简体中文' });
    await page.getByRole('link', { name: '概览' }).waitFor();
    expect(await languageOf(page)).toBe('zh-CN');
    await page.reload();
    await page.getByRole('link', { name: '概览' }).waitFor();
    expect(await languageOf(page)).toBe('zh-CN');
    await page.getByLabel('语言').selectOption({ label: 'English' });
    await page.getByRole('link', { name: 'Overview' }).waitFor();
  });

  it('numbers and times are written as the language writes them', async () => {
    const { db, people, webhooks } = dashboard;
    // Enough to need a separator of thousands.
    await db.query(
      'UPDATE hookline.statistics_hourly SET successful = successful + 12345 WHERE webhook_id = $1::uuid',
      [webhooks.good],
    );
    const at = new Date((await createdAt(dashboard.deliveries.failed)) ?? 0);
    const shown = async (language: 'en' | 'zh-CN') => {
      const page = await dashboard.open({
        language,
        path: `/deliveries/${dashboard.deliveries.failed}`,
        token: people.owner.write,
      });
      const text = new Intl.DateTimeFormat(language, {
        dateStyle: 'medium',
        timeStyle: 'medium',
        timeZone: 'UTC',
      }).format(at);
      // On the page, or for who points at “3 hours ago”.
      const found = page.getByText(text).or(page.getByTitle(text)).first();
      await found.waitFor({ state: 'attached' });
      await dashboard.follow(page, '/');
      await page
        .getByText(/\d,\d{3}/)
        .first()
        .waitFor();
      return text;
    };
    expect(await shown('en')).toMatch(/^\w{3} \d{1,2}, 20\d\d/);
    expect(await shown('zh-CN')).toMatch(/^20\d\d年\d{1,2}月\d{1,2}日/);
  });
  async function createdAt(id: string): Promise<string | undefined> {
    const { rows } = await dashboard.db.query<{ at: string }>(
      `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM webhook_deliveries WHERE id = $1::uuid`,
      [id],
    );
    return rows[0]?.at;
  }

  it('the theme is the system’s, follows it, and may be chosen against it, for the next visit, too', async () => {
    const page = await dashboard.open({ theme: 'dark' });
    expect(await brightness(page)).toBeLessThan(60);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => brightness(page)).toBeGreaterThan(200);

    await page.getByLabel('Theme').selectOption({ label: 'Dark' });
    await expect.poll(() => brightness(page)).toBeLessThan(60);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await brightness(page)).toBeLessThan(60);
    await page.getByLabel('Theme').selectOption({ label: 'System' });
    await expect.poll(() => brightness(page)).toBeGreaterThan(200);
  });
});
