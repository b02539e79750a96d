import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = process.env['HOOKLINE_TEST_ARTIFACTS'] ?? join(tmpdir(), 'hookline-test-artifacts');

/**
 * Keeps the whole page as `<name>.png` in HOOKLINE_TEST_ARTIFACTS (default: hookline-test-artifacts in the folder for temporary files), and gives that file. `name` may
 * name folders: `webhooks/list-dark`.
 */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(FOLDER, `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  return path;
}
