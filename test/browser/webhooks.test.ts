import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, type Language, screenshot, useDashboard } from './harness/dashboard.js';
import { writeInto } from './harness/write-into.js';

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
    // What is wrong is led to, also where it was folded away, and whatever is searched for since.
    await writeInto(filter, '{');
    await page.getByText(words.filter).click();
    await filter.waitFor({ state: 'hidden' });
    await page.getByLabel(words.search).fill('subscription.');
    await page.getByRole('checkbox', { name: 'subscription.created' }).waitFor();
    await button(page, words.submit).click();
    await filter.waitFor();
    await expect.poll(() => filter.evaluate((editor) => editor === document.activeElement)).toBe(true);
    await writeInto(filter, '{"duration": {"$over": 10}}');
    await expectAccessible(page);
    await screenshot(page, `webhooks/new-${language}`);
    await button(page, words.submit).click();
    await page.getByRole('alert').getByText('$over is no operator').waitFor();
    await expect.poll(() => filter.evaluate((editor) => editor === document.activeElement)).toBe(true);
    await writeInto(filter, '{"duration": {"$gte": 10}}');
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
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(1);
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
    await expect.poll(() => page.getByLabel('User').inputValue()).toBe(stranger.id);
  });

  it('are said to be paused in a live region that stood before, so that screen readers tell the first of it, too', async () => {
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
