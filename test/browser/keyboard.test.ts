import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { settled, useDashboard } from './harness/dashboard.js';

/** What has the focus, as a screen reader would name it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return '';
    const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return `${element.tagName.toLowerCase()}${element.id === '' ? '' : `#${element.id}`} ${name.trim()}`.slice(0, 80);
  });

/** Whether what has the focus shows that: `shown`, `end` at the end of the page, or its HTML. Runs in the page. */
function standing(): string {
  const element = document.activeElement;
  if (element === null || element === document.body) return 'end';
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { width, height } = element.getBoundingClientRect();
  const hasOutline = (outlineStyle !== 'none' && outlineWidth !== '0px') || element.closest('.cm-focused') !== null;
  return hasOutline && width > 0 && height > 0 ? 'shown' : element.outerHTML.slice(0, 200);
}

describe('the keyboard alone', () => {
  const dashboard = useDashboard();

  async function tabUntil(page: Page, isThere: (name: string) => boolean, most = 60): Promise<string[]> {
    const passed: string[] = [];
    for (let count = 0; count < most; count += 1) {
      await page.keyboard.press('Tab');
      const name = await focused(page);
      passed.push(name);
      if (isThere(name)) return passed;
    }
    throw new Error(`Tab did not lead there, but by: ${passed.join(' · ')}`);
  }

  it('begins with a link to the content, which shows itself and leads there', async () => {
    const page = await dashboard.open({ path: '/deliveries' });
    await settled(page);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    expect(await focused(page)).toBe('a Skip to content');
    await expect.poll(async () => (await skip.boundingBox())?.y ?? -1).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/^main#main/);
    // On from there, not from the top.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true);
  });

  it('reaches every page of the navigation in its order, opens it, and goes on at its beginning', async () => {
    const page = await dashboard.open();
    await settled(page);
    const links = page.getByRole('navigation').first().getByRole('link');
    const names = await links.allInnerTexts();
    const passed = await tabUntil(page, (name) => name.endsWith('Event types'));
    expect(passed.filter((name) => names.some((one) => name === `a ${one}`))).toEqual(names.map((one) => `a ${one}`));

    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Event types' }).waitFor();
    await expect.poll(() => focused(page)).toMatch(/^main#main/);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await expect.poll(() => page.title()).toBe('Event types · Hookline');
  });

  it.each([
    ['/webhooks', /^a New webhook$/],
    ['/deliveries', /^button Bulk replay$/],
    ['/try', /^button Send test event$/],
  ])('reaches the main actions of %s', async (path, action) => {
    const page = await dashboard.open({ path });
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tabUntil(page, (name) => action.test(name));
  });

  it('always shows where it is: no stop without an outline, none that is out of sight, on any page', async () => {
    const page = await dashboard.open({ path: '/' });
    for (const path of ['/', '/webhooks', `/webhooks/${dashboard.webhooks.good}`, '/deliveries', '/try', '/inbox']) {
      if (path === '/') await settled(page);
      else await dashboard.visit(page, path);
      for (let count = 0; count < 40; count += 1) {
        await page.keyboard.press('Tab');
        // An editor outlines its frame a moment later.
        let shown = '';
        await expect
          .poll(async () => (shown = await page.evaluate(standing)), { message: path })
          .toMatch(/^(shown|end)$/);
        if (shown === 'end') break;
      }
    }
  });

  it('opens and closes the menu of a narrow window, and says whether it is open', async () => {
    const page = await dashboard.open({ width: 360 });
    const menu = page.getByRole('button', { name: 'Menu' });
    const deliveries = page.getByRole('link', { name: 'Deliveries', exact: true });
    await expect.poll(() => menu.getAttribute('aria-expanded')).toBe('false');
    await expect.poll(() => deliveries.isVisible()).toBe(false);
    await menu.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => menu.getAttribute('aria-expanded')).toBe('true');
    await deliveries.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Deliveries' }).waitFor();
    await deliveries.waitFor({ state: 'hidden' });
  });
});
