import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, type Language, screenshot, useDashboard } from './harness/dashboard.js';

/** What a person reads where they create a webhook, in each language. */
const WORDS = {
  en: {
    create: 'New webhook',
    name: 'Name',
    url: 'URL',
    submit: 'Create webhook',
    wrongUrl: 'This is no URL that begins with http:// or https://.',
    private: /A private address/,
    search: 'Search event types',
    example: 'Example payload of video.generated',
    details: 'Schema and example video.generated',
    filter: 'Filter video.generated',
    filterOf: 'Filter for video.generated',
    created: 'Webhook created',
    verified: 'The URL is verified',
    test: 'Send test event',
    sent: 'Sent: see the delivery',
  },
  'zh-CN': {
    create: '新建 Webhook',
    name: '名称',
    url: 'URL',
    submit: '创建 Webhook',
    wrongUrl: '这不是以 http:// 或 https:// 开头的 URL。',
    private: /这是私有地址/,
    search: '搜索事件类型',
    example: 'video.generated 的示例载荷',
    details: 'Schema 与示例 video.generated',
    filter: '过滤条件 video.generated',
    filterOf: 'video.generated 的过滤条件',
    created: 'Webhook 已创建',
    verified: 'URL 已验证',
    test: '发送测试事件',
    sent: '已发送，查看投递',
  },
} satisfies Record<Language, object>;

describe('webhooks', () => {
  const dashboard = useDashboard();
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const one = async <Row extends object>(sql: string, params: readonly string[]) => {
    const { rows } = await dashboard.db.query<Row>(sql, [...params]);
    return rows[0];
  };
  const webhook = (id: string, columns: string) =>
    one<Record<string, unknown>>(`SELECT ${columns} FROM webhooks WHERE id = $1::uuid`, [id]);

  it.each(['en', 'zh-CN'] as const)('are created from nothing, verified and tried, in %s', async (language) => {
    const words = WORDS[language];
    // In English on a wide screen by who has nothing yet, in Chinese on a phone in the dark.
    const look = language === 'en' ? { as: 'newcomer' as const } : { theme: 'dark' as const, width: 360 };
    const page = await dashboard.open({ ...look, path: '/webhooks', language, refusals: [422] });
    await page.getByRole('link', { name: words.create }).first().click();
    await page.getByLabel(words.name, { exact: true }).fill(`Shop ${language}`);
    await page.getByLabel(words.url, { exact: true }).fill('shop.example.com');
    await page.getByText(words.wrongUrl).waitFor();
    await button(page, words.submit).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('url');
    await page.getByLabel(words.url, { exact: true }).fill(dashboard.endpoint.at('/good'));
    await page.getByText(words.private).waitFor();

    await page.getByLabel(words.search).fill('video.gen');
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(1);
    await page.getByRole('checkbox', { name: 'video.generated' }).check();
    await page.getByText(words.details).click();
    await page.getByRole('group', { name: words.example }).waitFor();
    await page.getByText(words.filter).click();
    const filter = page.getByRole('textbox', { name: words.filterOf });
    await filter.fill('{"duration": {"$over": 10}}');
    await expectAccessible(page);
    await screenshot(page, `webhooks/new-${language}`);
    await button(page, words.submit).click();
    await page.getByRole('alert').getByText('$over is no operator').waitFor();
    await filter.fill('{"duration": {"$gte": 10}}');
    await button(page, words.submit).click();

    await page.getByRole('heading', { level: 1, name: words.created }).waitFor();
    const made = await one<{ id: string; secret: string; filters: object }>(
      'SELECT w.id::text, w.secret, s.filters FROM webhooks w JOIN webhook_event_subscriptions s ON s.webhook_id = w.id WHERE w.name = $1',
      [`Shop ${language}`],
    );
    expect(made?.filters).toEqual({ duration: { $gte: 10 } });
    await page.getByText(made?.secret ?? 'no secret', { exact: true }).waitFor();
    await page.getByText(words.verified).waitFor();
    await expectAccessible(page);
    await screenshot(page, `webhooks/created-${language}`);

    await button(page, words.test).click();
    const sent = page.getByRole('link', { name: words.sent });
    const id = (await sent.getAttribute('href'))?.split('/').at(-1) ?? '';
    await expect
      .poll(
        async () =>
          (await one<{ status: string }>('SELECT status FROM webhook_deliveries WHERE id = $1::uuid', [id]))?.status,
      )
      .toBe('success');
  });

  it('are listed with a word for each state, and filtered by what the address keeps', async () => {
    const page = await dashboard.open({ path: '/webhooks' });
    const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name }) });
    const states = {
      'Orders service': 'Active',
      'Billing mirror': 'Failing',
      Analytics: 'Unverified',
      'Old CRM': 'Paused',
      'Former partner': 'Disabled',
      'Rate-limited partner': 'Waiting (Retry-After)',
      'Flaky gateway': 'Breaker open',
    };
    for (const [name, state] of Object.entries(states)) await row(name).getByText(state, { exact: true }).waitFor();
    await row('Orders service').getByText('97.5%').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'webhooks/list');

    await page.getByLabel('State').selectOption({ label: 'Breaker open' });
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(1);
    await page.reload();
    await row('Flaky gateway').waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(1);
    await page.getByLabel('Event type').selectOption('subscription.renewed');
    await page.getByText('No webhook matches these filters').waitFor();
    await button(page, 'Show all webhooks').click();
    await row('Orders service').waitFor();
  });

  it('are of everybody for the operator, who asks for those of one user', async () => {
    const { stranger } = dashboard.people;
    const page = await dashboard.open({ as: 'operator', path: '/webhooks' });
    await page.getByRole('link', { name: 'Orders service' }).waitFor();
    await page.getByRole('link', { name: `${stranger.id.slice(0, 8)}…` }).click();
    await page.getByRole('link', { name: "Stranger's hook" }).waitFor();
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(1);
    expect(await page.getByLabel('User').inputValue()).toBe(stranger.id);
  });

  it('are paused, activated, and deleted once their name is typed', async () => {
    const { paused } = dashboard.webhooks;
    const page = await dashboard.open({ path: `/webhooks/${paused}` });
    await button(page, 'Activate').click();
    await button(page, 'Pause').waitFor();
    expect(await webhook(paused, 'is_active')).toEqual({ is_active: true });

    await button(page, 'Delete webhook').click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete for good' });
    expect(await confirm.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByLabel('Type “Old CRM” to confirm').fill('Old CRM');
    await expectAccessible(page);
    await screenshot(page, 'webhooks/delete');
    await confirm.click();
    await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
    expect(await webhook(paused, 'id')).toBeUndefined();
  });

  it('are edited: the server’s refusals stand at their fields, and a change meanwhile is not overwritten', async () => {
    const { failing } = dashboard.webhooks;
    const page = await dashboard.open({ path: `/webhooks/${failing}/edit`, refusals: [412, 422] });
    await page.getByLabel('Retries at most').fill('4');
    await page.getByText('Retries come after 1 hr → 2 hr → 4 hr → 8 hr').waitFor();
    await page.getByLabel('Keep the order').check();
    await page.getByLabel('Order only within the value at').fill('customer');
    await button(page, 'Save').click();
    const path = page.getByLabel('Order only within the value at');
    await expect.poll(() => path.getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page);
    await path.fill('/customer/id');

    await dashboard.db.query("UPDATE webhooks SET name = 'Billing (moved)' WHERE id = $1::uuid", [failing]);
    await button(page, 'Save').click();
    await page.getByText('Somebody changed this webhook meanwhile').waitFor();
    expect(await webhook(failing, 'name, max_retries')).toEqual({ name: 'Billing (moved)', max_retries: 3 });
    await expectAccessible(page);
    await button(page, 'Reload').click();
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('Billing (moved)');
    await page.getByLabel('Name', { exact: true }).fill('Billing mirror');
    await button(page, 'Save').click();
    await page.getByRole('tab', { name: 'Settings', selected: true }).waitFor();
    expect(await webhook(failing, 'name, max_retries')).toEqual({ name: 'Billing mirror', max_retries: 3 });
  });

  it('tell why a verification failed', async () => {
    const page = await dashboard.open({ path: `/webhooks/${dashboard.webhooks.failing}` });
    await button(page, 'Verify again').click();
    await page.getByText('The verification failed').waitFor();
    await page.getByText('verification_http_error').waitFor();
    await expectAccessible(page);
  });

  it('show and rotate their secret, and end the overlap', async () => {
    const { good } = dashboard.webhooks;
    const page = await dashboard.open({ path: `/webhooks/${good}?tab=secret` });
    const secret = async () => String((await webhook(good, 'secret'))?.['secret']);
    const before = await secret();
    expect(await page.content()).not.toContain(before);
    await button(page, 'Show the secret').click();
    await page.getByText(before, { exact: true }).waitFor();

    await button(page, 'Rotate the secret').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('The old secret goes on signing for').selectOption({ label: '7 days' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    await dialog.getByText('This is the new secret.').waitFor();
    const after = await secret();
    expect(after).not.toBe(before);
    await dialog.getByText(after, { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(after);
    await screenshot(page, 'webhooks/rotated');
    await page.keyboard.press('Escape');

    await button(page, 'End the overlap').click();
    await dialog.getByRole('button', { name: 'End the overlap' }).click();
    await page.getByText('An earlier secret still signs').waitFor({ state: 'detached' });
    expect(await webhook(good, 'coalesce(cardinality(retired_secrets), 0) AS earlier')).toEqual({ earlier: 0 });
  });

  it('give the code that checks deliveries, without the secret, in the language that was chosen last', async () => {
    const { good } = dashboard.webhooks;
    const page = await dashboard.open({ path: `/webhooks/${good}?tab=secret` });
    await page.getByRole('main').getByLabel('Language').selectOption({ label: 'Python' });
    await page.getByLabel('Environment variable with the secret').fill('ORDERS_SECRET');
    await button(page, 'Copy Verification code for Python').click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('os.environ.get("ORDERS_SECRET", "")');
    expect(copied).not.toContain(String((await webhook(good, 'secret'))?.['secret']));
    await page.reload();
    await page.getByRole('group', { name: 'Verification code for Python' }).waitFor();
    await expectAccessible(page);
  });

  it('subscribe to more, filter and unsubscribe', async () => {
    const { unverified } = dashboard.webhooks;
    const page = await dashboard.open({ path: `/webhooks/${unverified}?tab=subscriptions`, refusals: [422] });
    const subscriptions = async () => {
      const sql =
        'SELECT json_object_agg(event_type, filters) AS of FROM webhook_event_subscriptions WHERE webhook_id = $1::uuid';
      return (await one<{ of: Record<string, unknown> }>(sql, [unverified]))?.of;
    };
    await button(page, 'Subscribe to more').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Choose all of subscription' }).click();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Subscribe to 3 types' }).click();
    await page.getByRole('link', { name: 'subscription.renewed' }).waitFor();

    await button(page, 'Edit the filter for video.failed').click();
    await dialog.getByRole('textbox').fill('{"code": {"$in": [1, 2]}}');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('group', { name: 'Filter for video.failed' }).waitFor();
    await button(page, 'Unsubscribe from image.generated').click();
    await dialog.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('link', { name: 'image.generated' }).waitFor({ state: 'detached' });
    await expectAccessible(page);
    expect(await subscriptions()).toEqual({
      'credit.consumed': { amount: { $gte: 10 } },
      'subscription.cancelled': null,
      'subscription.created': null,
      'subscription.renewed': null,
      'video.failed': { code: { $in: [1, 2] } },
      'video.generated': null,
    });
  });

  it('have charts by day and by event type, which may be read as tables', async () => {
    const page = await dashboard.open({ path: `/webhooks/${dashboard.webhooks.good}` });
    await page.getByRole('img', { name: /^Deliveries by day over 30 days: \d+ delivered, \d+ failed/ }).waitFor();
    await page.getByRole('img', { name: /^Response time by the hour/ }).waitFor();
    const types = page.getByRole('region', { name: 'Deliveries by event type' });
    await types.getByRole('button', { name: 'As a table' }).click();
    const counted = await one<{ total: string }>(
      "SELECT count(*)::text AS total FROM webhook_deliveries WHERE webhook_id = $1::uuid AND event_type = 'video.generated' AND status IN ('success', 'failed')",
      [dashboard.webhooks.good],
    );
    await types.getByRole('row', { name: `video.generated ${counted?.total}` }).waitFor();
    // What is half under the header is no target of 24 px.
    await page.evaluate(() => scrollTo(0, 0));
    await expectAccessible(page);
    await screenshot(page, 'webhooks/overview');
  });

  it('are only looked at by who may only read', async () => {
    const page = await dashboard.open({ as: 'reader', path: `/webhooks/${dashboard.webhooks.good}?tab=secret` });
    await page.getByText('This session may only read.').first().waitFor();
    for (const name of ['Pause', 'Edit', 'Delete webhook', 'Show the secret', 'Rotate the secret', 'Send test event']) {
      expect(await page.getByText(name).or(button(page, name)).count()).toBe(0);
    }
    await page.getByRole('link', { name: 'Webhooks' }).first().click();
    await page.getByRole('link', { name: 'Orders service' }).waitFor();
    expect(await page.getByRole('link', { name: 'New webhook' }).count()).toBe(0);
  });
});
