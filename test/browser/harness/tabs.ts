import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../../harness/services/chromium.js';

export type Language = 'en' | 'zh-CN';

/** What a browser prefers, and how large its window is. */
export interface Look {
  readonly language: Language;
  readonly theme: 'light' | 'dark';
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** What the harness listens to. Playwright listens itself to other events of a page. */
const HEARD = ['console', 'pageerror', 'dialog', 'request', 'response', 'requestfinished', 'requestfailed'] as const;

let browser: Promise<Browser> | undefined;
const idle: Record<Language, Page[]> = { en: [], 'zh-CN': [] };

/** Starts the browser of this process, which ends with it. Throws where there is none. */
export async function startBrowser(): Promise<Browser> {
  browser ??= openBrowser();
  return browser;
}

/**
 * A tab with that look which knows nothing of others: nothing is stored in it, and nothing is shown. Tabs are used again after `giveBack`, since a page costs 0.9 s of
 * a processor in a new one and 0.5 s in one that stands (Chromium 156).
 */
export async function takeTab({ language, theme, width, height }: Look): Promise<Page> {
  const page = idle[language].pop() ?? (await (await newContext(language)).newPage());
  page.setDefaultTimeout(15_000);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme });
  return page;
}

/** Takes a tab back, with whatever other tabs share its storage, and forgets what it knows of `origin`. */
export async function giveBack(page: Page, language: Language, origin: string): Promise<void> {
  const context = page.context();
  if (page.isClosed()) return context.close();
  for (const other of context.pages()) if (other !== page) await other.close();
  for (const event of HEARD) page.removeAllListeners(event);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.goto('about:blank');
  await forget(context, page, origin);
  idle[language].push(page);
}

async function newContext(language: Language): Promise<BrowserContext> {
  return (await startBrowser()).newContext({
    locale: language,
    timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
}

async function forget(context: BrowserContext, page: Page, origin: string): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await session.detach();
  await context.clearCookies();
}
