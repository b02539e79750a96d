import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  type Dashboard,
  expectAccessible,
  type Role,
  resize,
  screenshot,
  settled,
  useDashboard,
} from './harness/dashboard.js';

/** Each takes a few seconds on a busy machine, and there are some thirty. */
const ALL_PAGES_MS = 400_000;
const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/;

describe('every page, in both languages and themes, wide and narrow', () => {
  const dashboard = useDashboard();

  it(
    'is accessible, fits, does nothing that it may not, and is kept as a screenshot',
    async () => {
      const found: Record<string, string> = {};
      const opened = new Map<Role, Page>();
      const loaded = new Set<string>();
      for (const { name, path, as } of everyPage(dashboard)) {
        const standing = opened.get(as);
        const page = standing ?? (await dashboard.open({ as, path }));
        opened.set(as, page);
        const watch = dashboard.watchOf(page);
        try {
          // Each is loaded once, by itself; its other states are come to by a link, at a quarter of the cost.
          const kind = path.replace(ID, 'ID');
          if (standing === undefined) await settled(page);
          else await dashboard[loaded.has(kind) ? 'follow' : 'visit'](page, path);
          loaded.add(kind);
          await expectOrderlyInEachLook(page, name);
          expect(watch.troubles).toEqual([]);
        } catch (error) {
          found[name] = error instanceof Error ? error.message : String(error);
          opened.delete(as);
        }
        watch.clear();
      }
      // All at once, so that one run tells of every page.
      expect(found).toEqual({});
    },
    ALL_PAGES_MS,
  );
});

/**
 * Looks at a page in English and Chinese, light and dark. Axe has half of these, in which every language, theme and width is once: it costs more than loading the page.
 * Ends as it began, wide, light and in English.
 */
async function expectOrderlyInEachLook(page: Page, name: string): Promise<void> {
  await screenshot(page, `pages/en-light-1280/${name}`);
  await expectOrderly(page);
  await expectAccessible(page);

  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot(page, `pages/en-dark-1280/${name}`);

  await page.getByLabel('Language', { exact: true }).first().selectOption({ label: '简体中文' });
  await resize(page, 360);
  await screenshot(page, `pages/zh-CN-dark-360/${name}`);
  await expectOrderly(page);
  await expectAccessible(page);

  await page.emulateMedia({ colorScheme: 'light' });
  await screenshot(page, `pages/zh-CN-light-360/${name}`);

  await resize(page, 1280);
  await page.getByLabel('语言', { exact: true }).first().selectOption({ label: 'English' });
}

async function expectOrderly(page: Page): Promise<void> {
  expect(await page.title()).toMatch(/.+ · Hookline$/);
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  expect(await page.evaluate(beyondTheWindow)).toEqual([]);
}

/** What makes the document scroll sideways. Runs in the page. */
function beyondTheWindow(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
    .map((one) => `${one.tagName}.${one.className} to ${one.getBoundingClientRect().right}`);
}

/** One page of the dashboard in one state. */
interface PageCase {
  /** For screenshots. */
  readonly name: string;
  readonly path: string;
  readonly as: Role;
}

/** Every page, filled, as who may see it; and as who has nothing yet, or may only read, where that shows another state. */
function everyPage({ webhooks, deliveries, content }: Dashboard): readonly PageCase[] {
  const owners: readonly (readonly [name: string, path: string])[] = [
    ['overview', '/'],
    ['webhooks', '/webhooks'],
    ['webhook', `/webhooks/${webhooks.good}`],
    ['webhook-failing', `/webhooks/${webhooks.failing}`],
    ['webhook-unverified', `/webhooks/${webhooks.unverified}`],
    ['webhook-edit', `/webhooks/${webhooks.good}/edit`],
    ['webhook-new', '/webhooks/new'],
    ['deliveries', '/deliveries'],
    ['delivery-successful', `/deliveries/${deliveries.successful}`],
    ['delivery-failed', `/deliveries/${deliveries.failed}`],
    ['delivery-retrying', `/deliveries/${deliveries.retrying}`],
    ['replays', '/replays'],
    ['try', '/try'],
    ['inbox', '/inbox'],
    ['content', `/inbox/${content.done}`],
    ['content-failed', `/inbox/${content.failed}`],
    ['event-types', '/event-types'],
    ['event-type', '/event-types/image.generated'],
  ];
  const empty = ['overview', 'webhooks', 'deliveries', 'replays', 'try', 'inbox'];
  const operators: readonly (readonly [name: string, path: string])[] = [
    ['operator-overview', '/'],
    ['operator', '/operator'],
    ['operator-tenants', '/operator/tenants'],
    ['operator-workers', '/operator/workers'],
    ['operator-webhooks', '/operator/webhooks'],
  ];
  return [
    ...owners.map(([name, path]) => ({ name, path, as: 'owner' as const })),
    ...owners
      .filter(([name]) => empty.includes(name))
      .map(([name, path]) => ({ name: `${name}-empty`, path, as: 'newcomer' as const })),
    ...operators.map(([name, path]) => ({ name, path, as: 'operator' as const })),
  ];
}
