import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { writeInto } from './harness/write-into.js';

describe('Try it: filters and real events', () => {
  const dashboard = useDashboard();
  const FILTER = '/try?tab=filter&event_type=video.generated';
  const textbox = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
  const whyOf = async (page: Page, name: string) =>
    (await page.getByRole('list', { name: `Why: ${name}` }).innerText()).replace(/\s+/g, ' ');

  it('says of each payload as one types whether it goes through, and why', async () => {
    const page = await dashboard.open({ path: FILTER });
    await writeInto(
      textbox(page, 'Filter'),
      '{"status": "completed", "$or": [{"size": {"$gte": 10}}, {"tags": {"$in": ["hd"]}}]}',
    );
    await writeInto(textbox(page, 'Payload 1'), '{"status": "failed", "size": 12345678901234567890}');
    await page.getByText('The payload does not go through.').waitFor();
    // The example did not go through either.
    await expect
      .poll(() => whyOf(page, 'Payload 1'))
      .toContain('Does not hold: /status equals "completed" found "failed"');
    const why = await whyOf(page, 'Payload 1');
    expect(why).toContain('Holds: At least one of these holds:');
    expect(why).toContain('Holds: /size is at least 10 found 12345678901234567890');
    expect(why).toContain('Does not hold: /tags is one of ["hd"] nothing is there');

    await page.getByRole('button', { name: 'Add payload' }).click();
    await writeInto(textbox(page, 'Payload 2'), '{"status": "completed", "tags": ["hd", "4k"]}');
    await page.getByText('Going through: 1 of 2 payloads.').waitFor();
    await page.getByRole('article', { name: 'Payload 2' }).getByText('Goes through').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'try/filter');

    await writeInto(textbox(page, 'Filter'), '{"status": {"$regex": "x"}}');
    await page.getByText('the filter is not well formed', { exact: false }).waitFor();
    await writeInto(textbox(page, 'Filter'), '{"status"');
    await page.getByText('This is not JSON yet.').waitFor();
    await page.getByRole('button', { name: 'Remove Payload 1' }).click();
    await writeInto(textbox(page, 'Filter'), '{}');
    await page.getByText('The filter has no conditions: every event goes through.').waitFor();
    dashboard.watchOf(page).clear();
  });

  it('takes the payloads of recent deliveries, and examples of operators', async () => {
    const page = await dashboard.open({ path: '/try?tab=filter&event_type=credit.consumed' });
    await page.getByRole('button', { name: 'Use recent' }).click();
    await page.getByText('The payloads of the 5 latest deliveries were added.').waitFor();
    await expect.poll(() => page.getByRole('article').count()).toBe(5);
    await writeInto(textbox(page, 'Filter'), '{"reason": "video"}');
    await page.getByText('All 5 payloads go through.').waitFor();

    await page.getByText('Operators, each with an example').click();
    await page.getByRole('button', { name: 'Add {"amount":{"$lt":100}} to the filter' }).click();
    expect(JSON.parse(await textbox(page, 'Filter').innerText())).toEqual({ reason: 'video', amount: { $lt: 100 } });
    await expectAccessible(page);
    await screenshot(page, 'try/operators');
  });

  it('loads the filter of a subscription, and gives it another', async () => {
    const page = await dashboard.open({ path: FILTER });
    await page.getByRole('button', { name: 'Use in a subscription…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter of a subscription' });
    await dialog.getByLabel('Subscription').selectOption('credit.consumed');
    await expectAccessible(page);
    await screenshot(page, 'try/subscription');
    await dialog.getByRole('button', { name: 'Load its filter' }).click();
    await page.waitForFunction(() => document.querySelector('.cm-content')?.textContent?.includes('"$gte": 10'));
    await dialog.waitFor({ state: 'detached' });

    await writeInto(textbox(page, 'Filter'), '{"amount": {"$gte": 99}}');
    await page.getByRole('button', { name: 'Use in a subscription…' }).click();
    await dialog.getByLabel('Subscription').selectOption('credit.consumed');
    await dialog.getByRole('button', { name: 'Save this filter there' }).click();
    await page.getByText('The subscription to credit.consumed has this filter now.').waitFor();
    const { rows } = await dashboard.db.query(
      "SELECT filters FROM webhook_event_subscriptions WHERE webhook_id = $1::uuid AND event_type = 'credit.consumed'",
      [dashboard.webhooks.good],
    );
    expect(rows).toEqual([{ filters: { amount: { $gte: 99 } } }]);
  });

  it('tells why in Chinese, too, on a narrow screen', async () => {
    const page = await dashboard.open({ path: FILTER, language: 'zh-CN', width: 360 });
    await page.getByText('1 条载荷均未放行。').waitFor();
    const why = await page.getByRole('list', { name: '原因：载荷 1' }).innerText();
    expect(why.replace(/\s+/g, ' ')).toContain('不成立: /status 等于 "completed" 实际值 "string"');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(page);
    await screenshot(page, 'try/filter-zh-360');
  });

  it('lets the operator trigger a real event, once under its key, and everyone only when asked twice', async () => {
    const page = await dashboard.open({
      as: 'operator',
      path: '/try?tab=trigger&event_type=video.generated',
      refusals: [422],
    });
    await page.getByText('Fits the schema').waitFor();
    const press = page.getByRole('button', { name: 'Trigger event' });
    await expect.poll(() => press.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('radio', { name: 'A user by your id' }).check();
    await page.getByLabel('Id in your application').fill('acct_nobody');
    await press.click();
    await page.getByRole('alert').getByText('unknown_user').waitFor();

    await page.getByLabel('Id in your application').fill('acct_owner');
    const key = await page.getByLabel('Idempotency key').inputValue();
    await press.click();
    await page.getByText(/^\d+ deliveries$/).waitFor();
    const list = page.getByRole('list', { name: 'Deliveries' });
    await list.getByText('Delivered').first().waitFor();
    await expect.poll(() => page.getByLabel('Idempotency key').inputValue()).not.toBe(key);
    await expectAccessible(page);
    await screenshot(page, 'try/triggered');

    await page.getByLabel('Idempotency key').fill(key);
    await press.click();
    await page.getByText('It was triggered before under this key.', { exact: false }).waitFor();
    const { rows } = await dashboard.db.query(
      'SELECT count(*)::int AS events FROM hookline.events WHERE idempotency_key = $1',
      [key],
    );
    expect(rows).toEqual([{ events: 1 }]);

    await page.getByRole('radio', { name: 'Everyone' }).check();
    await page.getByRole('button', { name: 'Trigger for everyone' }).click();
    const dialog = page.getByRole('dialog', { name: 'Trigger for everyone?' });
    await expectAccessible(page);
    const before = await eventsOfEveryone();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await eventsOfEveryone()).toBe(before);
    await page.getByRole('button', { name: 'Trigger for everyone' }).click();
    await dialog.getByRole('button', { name: 'Trigger for everyone' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await eventsOfEveryone()).toBe(before + 1);
  });

  it('offers users no real events', async () => {
    const page = await dashboard.open({ path: '/try?tab=trigger' });
    await page.getByRole('tab', { name: 'Send a test event' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Trigger an event' }).count()).toBe(0);
  });

  async function eventsOfEveryone(): Promise<number> {
    const { rows } = await dashboard.db.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM hookline.events WHERE user_id IS NULL',
    );
    return rows[0]?.n ?? -1;
  }
});
