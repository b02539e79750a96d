import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, screenshot, useDashboard } from './harness/dashboard.js';
import { writeInto } from './harness/write-into.js';

describe('Event types', () => {
  const dashboard = useDashboard();
  const schemaBox = (page: Page) => page.getByRole('textbox', { name: 'Payload schema', exact: true });

  it('stand by category, are searched, and tell a subscriber what comes; users change nothing', async () => {
    const page = await dashboard.open({ path: '/event-types' });
    await page.getByRole('region', { name: 'image' }).getByRole('link', { name: 'image.generated' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'event-types/list');
    const disabled = page.getByRole('listitem').filter({ has: page.getByText('Disabled', { exact: true }) });
    await expect.poll(() => disabled.getByRole('link').allInnerTexts()).toEqual(['image.failed']);
    expect(await page.getByRole('link', { name: 'Create event type' }).count()).toBe(0);

    await page.getByLabel('Search by name, category or description').fill('completed image');
    await page.getByText('One event type').waitFor();
    await page.waitForURL(/search=completed/);
    await page.getByRole('link', { name: 'image.generated' }).click();
    await page.getByRole('heading', { level: 1, name: 'image.generated' }).waitFor();
    const field = page.getByRole('row', { name: /image_id/ });
    expect((await field.innerText()).replace(/\s+/g, ' ')).toBe('image_id Required string pattern: ^img_');
    const width = page.getByRole('row', { name: /width/ });
    expect((await width.innerText()).replace(/\s+/g, ' ')).toBe('width integer minimum: 1 maximum: 8192');
    await page.getByRole('group', { name: 'Example payload' }).getByText('"image_id": "img_"').waitFor();
    await page.getByRole('region', { name: 'Recent use' }).getByText('Delivered').first().waitFor();
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'event-types/one');

    await page.getByRole('link', { name: 'Try it' }).last().click();
    await page.getByRole('heading', { level: 1, name: 'Try it' }).waitFor();
    await expect.poll(() => page.getByLabel('Event type').inputValue()).toBe('image.generated');
  });

  it('are made, disabled and deleted by the operator', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/event-types', refusals: [409, 422] });
    await page.getByRole('link', { name: 'image.generated' }).waitFor();
    await page.getByRole('link', { name: 'Create event type' }).click();
    await page.getByLabel('Name').fill('invoice.paid');
    await page.getByLabel('Category').fill('billing');
    await page.getByLabel('Description').fill('An invoice was paid');
    await writeInto(schemaBox(page), '{"type": "nonsense"}');
    await page.getByRole('button', { name: 'Create event type' }).click();
    await page.getByRole('alert').getByText('invalid_payload_schema').waitFor();
    await expectAccessible(page);
    await writeInto(
      schemaBox(page),
      '{"type": "object", "properties": {"total": {"type": "number"}}, "examples": [{"total": 12.5}]}',
    );
    await page.getByRole('button', { name: 'Create event type' }).click();
    await page.getByRole('heading', { level: 1, name: 'invoice.paid' }).waitFor();
    await page.getByRole('group', { name: 'Example payload' }).getByText('"total": 12.5').waitFor();
    await page.getByRole('region', { name: 'Recent use' }).getByText('No delivery of it yet.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'event-types/operator');

    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('invoice.paid is disabled.').waitFor();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('invoice.paid is enabled.').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete invoice.paid?' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('invoice.paid is deleted.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Event types' }).waitFor();
    await page.getByRole('link', { name: 'image.generated' }).waitFor();
    expect(await page.getByRole('link', { name: 'invoice.paid' }).count()).toBe(0);

    await page.getByRole('link', { name: 'video.generated' }).click();
    await page.getByRole('heading', { level: 1, name: 'video.generated' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText('event_type_in_use').waitFor();
  });

  it('tell what a new schema breaks before it is saved, and ask before that', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/event-types/video.failed?edit', refusals: [422] });
    await writeInto(schemaBox(page), '{"type": "object", "properties": {"title": {"type": "string"}}}');
    await page.getByText(/The \d+ latest events still pass\./).waitFor();
    await writeInto(schemaBox(page), '{"type": "object", "properties": {"video_id": {"type": "integer"}}}');
    await page.getByText(/of the \d+ latest events would no longer pass:/).waitFor();
    await page.getByText('/video_id must be integer').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, 'event-types/breaks');
    await writeInto(schemaBox(page), '{"type": "nonsense"}');
    await page.getByText('payload_schema of video.failed cannot be used', { exact: false }).waitFor();
    const now = async () => {
      const { rows } = await dashboard.db.query<{ category: string; schema: { properties: object } }>(
        "SELECT category, payload_schema AS schema FROM webhook_events WHERE event_type = 'video.failed'",
      );
      return { category: rows[0]?.category, fields: Object.keys(rows[0]?.schema.properties ?? {}) };
    };
    expect((await now()).fields).toContain('error_code');

    // Saved before it is known what it breaks, it would be so without a question.
    const held: Route[] = [];
    await page.route(/dry_run=true/, (route) => void held.push(route), { times: 1 });
    await writeInto(schemaBox(page), '{"type": "object", "properties": {"video_id": {"type": "boolean"}}}');
    await page.getByRole('button', { name: 'Save', exact: true }).click({ force: true });
    await expect.poll(() => held.length).toBe(1);
    await held[0]?.continue();
    await page.getByText('/video_id must be boolean').first().waitFor();
    expect((await now()).fields).toContain('error_code');

    await writeInto(schemaBox(page), '{"type": "object", "properties": {"video_id": {"type": "integer"}}}');
    await page.getByText('/video_id must be integer').first().waitFor();
    await page.getByLabel('Category').fill('film');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Save anyway' }).click();
    await page.getByText('video.failed is saved.').waitFor();
    await page
      .getByRole('row', { name: /video_id/ })
      .getByText('integer')
      .waitFor();
    expect(await now()).toEqual({ category: 'film', fields: ['video_id'] });
  });

  it('are shown as far as their schemas say something, where those are of themselves or name what is not there', async () => {
    await dashboard.db.query("UPDATE webhook_events SET payload_schema = $1 WHERE event_type = 'account.closed'", [
      `{"properties": {"anything": {"$ref": "#/$defs/json"}, "rate": {"type": "number", "maximum": 12345678901234567890}, "other": {"$ref": "#/$defs/100%"}},
        "$defs": {"json": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/json"}}]}}}`,
    ]);
    const page = await dashboard.open({ path: '/event-types/account.closed' });
    await page.getByRole('row', { name: 'anything string | array' }).waitFor();
    await page.getByRole('row', { name: 'rate number maximum: 12345678901234567890' }).waitFor();
    await page.getByRole('row', { name: 'other' }).waitFor();
  });

  it('are not changed over what somebody else changed in the meantime', async () => {
    const page = await dashboard.open({ as: 'operator', path: '/event-types/credit.added?edit', refusals: [412] });
    await page.getByLabel('Description').fill('Mine');
    await dashboard.db.query("UPDATE webhook_events SET description = 'Theirs' WHERE event_type = 'credit.added'");
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('version_changed').waitFor();
    const { rows } = await dashboard.db.query(
      "SELECT description FROM webhook_events WHERE event_type = 'credit.added'",
    );
    expect(rows).toEqual([{ description: 'Theirs' }]);
  });

  it('are Chinese and narrow where that is wanted, with names that nobody expects', async () => {
    await dashboard.db.query(
      "INSERT INTO webhook_events (event_type, category, description) VALUES ('a:b.c-d_e', 'x', '<script>alert(1)</script>')",
    );
    const page = await dashboard.open({ path: '/event-types', language: 'zh-CN', theme: 'dark', width: 360 });
    await page.getByText('<script>alert(1)</script>').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'event-types/list-zh-360-dark');
    await page.getByLabel('按名称、类别或说明搜索').fill('没有这个');
    await page.getByText('没有与“没有这个”相符的事件类型').waitFor();
    await page.getByLabel('按名称、类别或说明搜索').fill('a:b');
    await page.getByRole('link', { name: 'a:b.c-d_e' }).click();
    await page.getByRole('heading', { level: 1, name: 'a:b.c-d_e' }).waitFor();
    await page.getByText('没有 Schema：载荷可以是任意 JSON 对象。').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(page);

    await dashboard.follow(page, '/event-types/nothing.like.this');
    await page.getByRole('alert').getByText('event_type_not_found').waitFor();
    dashboard.watchOf(page).clear();
  });
});
