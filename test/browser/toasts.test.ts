import { describe, expect, it } from 'vitest';
import { useDashboard } from './harness/dashboard.js';

describe('what was done', () => {
  const dashboard = useDashboard();

  it('is said in a live region that stood before, so that screen readers tell the first of it, too', async () => {
    const page = await dashboard.open({ path: `/webhooks/${dashboard.webhooks.unverified}` });
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const regions = await page.evaluateHandle(() => [...document.querySelectorAll('[aria-live="polite"]')]);
    await page.getByRole('button', { name: 'Pause' }).click();
    const said = page.getByText('Paused: no events come until it is activated');
    await said.waitFor();
    const stood = await said.evaluate(
      (text, before) => before.indexOf(text.closest('[aria-live]') as Element),
      regions,
    );
    expect(stood).toBeGreaterThanOrEqual(0);
  });
});
