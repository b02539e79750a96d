import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

const KEPT_IN = process.env['HOOKLINE_TEST_ARTIFACTS'];

/**
 * Keeps the whole page as `<name>.png` in the folder of HOOKLINE_TEST_ARTIFACTS, for whoever wants to look at it; without that it does nothing, since drawing a page costs
 * some 0.4 s of a processor. `name` may name folders: `webhooks/list-dark`.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (KEPT_IN !== undefined) await keep(page, KEPT_IN, name);
}

/** Always keeps a page that a failed test leaves, where there is no such folder in `hookline-test-artifacts` of that for temporary files. */
export async function screenshotOfFailure(page: Page, name: string): Promise<void> {
  await keep(page, KEPT_IN ?? join(tmpdir(), 'hookline-test-artifacts'), `failed/${name}`);
}

async function keep(page: Page, folder: string, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
}
