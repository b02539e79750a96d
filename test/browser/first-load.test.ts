import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtDashboard } from './harness/built.js';
import { settled, useDashboard } from './harness/dashboard.js';
import { countScript } from './harness/first-load.js';

const MOST_BYTES = 200_000;

describe('the first load', () => {
  const dashboard = useDashboard();

  it.each(['en', 'zh-CN'] as const)(
    'of the overview in %s takes at most 200 kB of script, compressed',
    async (language) => {
      const page = await dashboard.open({ as: 'nobody', language });
      const loaded = countScript(page);
      await page.goto('about:blank');
      await page.goto(`${dashboard.url}/#token=${dashboard.people.owner.write}`);
      await page.getByRole('navigation').first().waitFor();
      // The charts are part of it: a page that came without them would measure too little.
      await page.locator('canvas').first().waitFor();
      await settled(page);
      const { files, gzipped } = await loaded();
      expect(files).toBeGreaterThan(2);
      expect(gzipped).toBeLessThanOrEqual(MOST_BYTES);
    },
  );

  it('is of the dashboard that was built for this run', async () => {
    const served = await (await fetch(dashboard.url)).text();
    const built = await readFile(join(await builtDashboard(), 'index.html'), 'utf8');
    const nonce = /nonce="([^"]+)"/.exec(served)?.[1] ?? '';
    expect(nonce).toMatch(/^[\w+/]{22}==$/);
    expect(served).toBe(built.replaceAll('HOOKLINE_CSP_NONCE', nonce));
  });
});
