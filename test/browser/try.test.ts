import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { writeInto } from './harness/write-into.js';

describe('Try it: a test event', () => {
  const dashboard = useDashboard();
  const payload = (page: Page) => page.getByRole('textbox', { name: 'Payload', exact: true });

  it('preselects a good webhook and an example that fits, sends it, and follows it until it has arrived', async () => {
    const page = await dashboard.open({ path: '/try' });
    await page.getByText('Fits the schema of the event type.').waitFor();
    const webhook = page.getByLabel('Webhook', { exact: true });
    await expect.poll(() => webhook.locator('option:checked').innerText()).toBe('Orders service');
    // What is disabled cannot be sent.
    expect(await page.getByLabel('Event type').locator('option[value="image.failed"]').count()).toBe(0);
    await expectAccessible(page);

    await page.getByLabel('Event type').selectOption('video.generated');
    await writeInto(payload(page), '{"video_id": "vid_of_try", "duration_seconds": 12345678901234567890}');
    await page.getByText('Fits the schema of the event type.').waitFor();
    await page.getByRole('button', { name: 'Send test event' }).click();
    const fate = page.getByRole('article', { name: 'Delivery of video.generated' });
    await fate.getByText('It has arrived.').waitFor();
    expect((await fate.innerText()).replace(/\s+/g, ' ')).toMatch(
      /Delivered .*Answer 200 .*Time [\d.,]+ (ms|sec) Attempt 1 of 4/,
    );
    await expectAccessible(page);
    await screenshot(page, 'try/sent');

    const got = dashboard.endpoint.requests.map(({ body }) => body.toString('utf8'));
    expect(got.filter((text) => text.includes('vid_of_try'))).toEqual([
      '{"video_id":"vid_of_try","duration_seconds":12345678901234567890}',
    ]);
    await fate.getByRole('link', { name: 'Open the delivery' }).click();
    await page.waitForURL(/\/deliveries\/[0-9a-f-]{36}$/);
  });

  it('says as one types what is no JSON and what the schema refuses, and takes the example back', async () => {
    const page = await dashboard.open({ path: '/try?event_type=image.generated', theme: 'dark' });
    await page.getByText('Fits the schema of the event type.').waitFor();
    const example = await payload(page).innerText();

    await writeInto(payload(page), '{"image_id": 5');
    await page.getByText('This is not JSON yet.').waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: 'Send test event' }).getAttribute('aria-disabled'))
      .toBe('true');
    await writeInto(payload(page), '[1]');
    await page.getByText('A JSON object is needed').waitFor();

    await writeInto(payload(page), '{"image_id": 5, "url": "https://cdn.example.com/a.png", "width": 0}');
    await page.getByText('2 places do not fit the schema.').waitFor();
    const wrong = page.getByRole('list', { name: 'What does not fit' }).getByRole('listitem');
    await expect
      .poll(async () => (await wrong.allInnerTexts()).toSorted())
      .toEqual(['/image_id must be string', '/width must be >= 1']);
    // The same places are marked in the editor.
    await page.locator('.cm-lintRange-error').nth(1).waitFor();
    await expect.poll(() => page.locator('.cm-lintRange-error').allInnerTexts()).toEqual(['5', '0']);
    await expectAccessible(page);
    await screenshot(page, 'try/does-not-fit-dark');

    // Each event type keeps its own payload.
    const type = page.getByLabel('Event type');
    await type.selectOption('video.generated');
    await expect.poll(() => payload(page).innerText()).toContain('video_id');
    await type.selectOption('image.generated');
    await page.getByText('2 places do not fit the schema.').waitFor();
    await page.getByRole('button', { name: 'Back to the example' }).click();
    await page.getByText('Fits the schema of the event type.').waitFor();
    await expect.poll(() => payload(page).innerText()).toBe(example);
    await page.waitForFunction(() => document.querySelector('.cm-lintRange-error') === null);
  });

  it('tells of a failure why, and when it is tried again; of a refusal what to do', async () => {
    const { failing, paused } = dashboard.webhooks;
    const page = await dashboard.open({ path: `/try?webhook=${failing}`, refusals: [409, 429] });
    await page.getByText('Fits the schema').waitFor();
    await page.getByRole('button', { name: 'Send test event' }).click();
    const fate = page.getByRole('article').first();
    await fate.getByText('It did not arrive; it is tried again.').waitFor();
    expect((await fate.innerText()).replace(/\s+/g, ' ')).toMatch(
      /Answer 500 .*Attempt 1 of 4 Next attempt in (1 hour|\d+ minutes)/,
    );
    await fate.getByText('Body of the answer').click();
    await fate.getByText('upstream connect error: database is away').waitFor();

    await page.getByLabel('Webhook', { exact: true }).selectOption(paused);
    await page.getByText('Paused or disabled', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText('Activate it first').waitFor();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('webhook_inactive');
    await expect
      .poll(() => page.getByRole('link', { name: 'Open the webhook' }).getAttribute('href'))
      .toBe(`/webhooks/${paused}`);
    await expectAccessible(page);
  });

  it('begins with the webhook and the event type of the link that led there', async () => {
    const page = await dashboard.open({
      path: `/try?webhook=${dashboard.webhooks.failing}&event_type=image.generated`,
    });
    const chosen = (name: string, of = page) =>
      of.getByLabel(name, { exact: true }).evaluate((list: HTMLSelectElement) => list.selectedOptions[0]?.value);
    await page.getByText('Fits the schema of the event type.').waitFor();
    expect(await chosen('Webhook')).toBe(dashboard.webhooks.failing);
    expect(await chosen('Event type')).toBe('image.generated');

    const webhook = await dashboard.open({ path: `/webhooks/${dashboard.webhooks.failing}` });
    await webhook.getByRole('main').getByRole('link', { name: 'Try it' }).click();
    await webhook.getByText('Fits the schema of the event type.').waitFor();
    expect(await chosen('Webhook', webhook)).toBe(dashboard.webhooks.failing);
  });

  it('of a read-only session checks but does not send, and a newcomer is led to a first webhook', async () => {
    const reader = await dashboard.open({ as: 'reader', path: '/try' });
    await reader.getByText('Fits the schema').waitFor();
    await expect
      .poll(() => reader.getByRole('button', { name: 'Send test event' }).getAttribute('aria-disabled'))
      .toBe('true');
    await reader.getByText('This session may only read.', { exact: false }).waitFor();

    const newcomer = await dashboard.open({ as: 'newcomer', path: '/try' });
    await expect
      .poll(() => newcomer.getByRole('link', { name: 'Create a webhook' }).getAttribute('href'))
      .toBe('/webhooks/new');
    await expectAccessible(newcomer);
  });

  it('works in Chinese on a narrow screen', async () => {
    const page = await dashboard.open({ path: '/try', language: 'zh-CN', width: 360, theme: 'dark' });
    await page.getByText('符合该事件类型的 Schema。').waitFor();
    await page.getByRole('button', { name: '发送测试事件' }).click();
    await page.getByText('已送达。').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(page);
    await screenshot(page, 'try/sent-zh-360-dark');
  });
});
