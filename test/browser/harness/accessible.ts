import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

/**
 * Holds a page, as it stands now, to the rules of axe: WCAG 2.0 to 2.2, A and AA, and its best practices. `within` narrows it to what a selector finds. Throws with
 * each violation, where it is and what would mend it.
 */
export async function expectAccessible(page: Page, within?: string): Promise<void> {
  if (await page.evaluate("!('axe' in globalThis)")) await page.evaluate(await SOURCE);
  // What fades in has not its colours yet.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  const { violations } = (await page.evaluate(
    `globalThis.axe.run(${JSON.stringify(within ?? null)} ?? document, ${JSON.stringify(OPTIONS)})`,
  )) as AxeResults;
  const told = violations.map(({ id, help, nodes }) => {
    const places = nodes.map(
      ({ target, html, failureSummary }) => `  ${target.join(' ')}\n    ${html}\n    ${failureSummary}`,
    );
    return `${id}: ${help}\n${places.join('\n')}`;
  });
  if (told.length > 0) throw new Error(`axe on ${page.url()}:\n${told.join('\n')}`);
}
