import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  type Dashboard,
  expectAccessible,
  type OpenOptions,
  type Role,
  screenshot,
  useDashboard,
} from './harness/dashboard.js';

/** Each takes a few seconds on a busy machine, and there are some thirty. */
const ALL_PAGES_MS = 300_000;

/** Opens every page as it looks to someone with these preferences: keeps its screenshot, and holds it to axe, to the window's width, and to having one heading and a title. */
export function describeEveryPage(look: Required<Pick<OpenOptions, 'language' | 'theme' | 'width'>>): void {
  const { language, theme, width } = look;
  describe(`every page in ${language}, ${theme}, ${width} px wide`, () => {
    const dashboard = useDashboard();

    it(
      'is accessible, fits, does nothing that it may not, and is kept as a screenshot',
      async () => {
        const found: Record<string, string> = {};
        const opened = new Map<Role, Page>();
        for (const shown of everyPage(dashboard)) {
          const page = opened.get(shown.as) ?? (await dashboard.open({ ...look, as: shown.as }));
          opened.set(shown.as, page);
          const watch = dashboard.watchOf(page);
          try {
            await dashboard.visit(page, shown.path);
            await screenshot(page, `pages/${language}-${theme}-${width}/${shown.name}`);
            await expectOrderly(page);
            expect(watch.troubles).toEqual([]);
          } catch (error) {
            found[shown.name] = error instanceof Error ? error.message : String(error);
          }
          watch.clear();
        }
        // All at once, so that one run tells of every page.
        expect(found).toEqual({});
      },
      ALL_PAGES_MS,
    );
  });
}

async function expectOrderly(page: Page): Promise<void> {
  expect(await page.title()).toMatch(/.+ · Hookline$/);
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  expect(await page.evaluate(beyondTheWindow)).toEqual([]);
  await expectAccessible(page);
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
