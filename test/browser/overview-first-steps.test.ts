import { describe, expect, it } from 'vitest';
import { expectAccessible, SERVICE_KEY, screenshot, useDashboard } from './harness/dashboard.js';

describe('the overview of an installation without a delivery', () => {
  const dashboard = useDashboard();

  it('teaches the operator the first steps, with a command that works', async () => {
    await dashboard.db.query('DELETE FROM webhooks');
    const page = await dashboard.open({ as: 'operator' });
    const steps = page.getByRole('region', { name: 'First steps' });
    const step = (name: string) => steps.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
    await step('Register event types').getByRole('img', { name: 'Done' }).waitFor();
    await step('Give a tenant a portal link').getByRole('img', { name: 'To do' }).waitFor();
    const command = await steps.getByRole('group', { name: 'A first event by curl' }).locator('pre').innerText();
    expect(command).toContain(`${dashboard.url}/v1/events`);
    const body: unknown = JSON.parse(/-d '(.*)'/.exec(command)?.[1] ?? '');
    expect(body).toMatchObject({ broadcast: true, payload: {} });
    const sent = await fetch(`${dashboard.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(sent.status, await sent.text()).toBe(202);
    await expectAccessible(page);
    await screenshot(page, 'overview/operator-first-steps');
    await steps.getByRole('link', { name: 'Make a portal link' }).click();
    await page.waitForURL(`${dashboard.url}/operator/tenants`);
  });
});
