import { beforeAll, expect, it } from 'vitest';
import type { Param } from '../../src/db/database.js';
import { asService, asUser } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { asAnon, expectHint, INSUFFICIENT_PRIVILEGE, one, rowOf, rows, sqlError } from './spec-helpers.js';

interface Created {
  webhook_id: string;
  webhook_secret: string;
  subscribed_events: unknown;
}

const MINIMAL = "SELECT * FROM create_webhook('n', 'https://a.example/hook')";

describeOnEachDatabase('create_webhook', (ctx) => {
  let user = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });

  const call = (sql: string, params: readonly Param[] = []) =>
    asUserId(ctx.db(), user, (tx) => one<Created>(tx, sql, params));
  const typesOf = async (id: string) =>
    (
      await asService(ctx.db(), (tx) =>
        rows<{ event_type: string }>(
          tx,
          'SELECT event_type FROM webhook_event_subscriptions WHERE webhook_id = $1::uuid AND is_active ORDER BY 1',
          [id],
        ),
      )
    ).map(({ event_type }) => event_type);
  const hooks = async () =>
    (await asService(ctx.db(), (tx) => one<{ n: number }>(tx, 'SELECT count(*)::integer AS n FROM webhooks'))).n;

  it('needs a name and a URL only; the rest has the specified defaults', async () => {
    const made = await call(MINIMAL);
    expect(Object.keys(made)).toEqual(['webhook_id', 'webhook_secret', 'subscribed_events']);
    expect(made.subscribed_events).toEqual([]);
    expect(await typesOf(made.webhook_id)).toEqual([]);
    expect(await rowOf(ctx.db(), 'webhooks', made.webhook_id)).toMatchObject({
      user_id: user,
      name: 'n',
      url: 'https://a.example/hook',
      description: null,
      secret: made.webhook_secret,
      signature_algorithm: 'sha256',
      is_active: true,
      is_verified: false,
      verified_at: null,
      verification_token: expect.stringMatching(/^\S{16,}$/),
      retry_enabled: true,
      max_retries: 3,
      retry_delay_seconds: 60,
      timeout_seconds: 30,
      total_deliveries: 0,
      metadata: {},
    });
  });

  it('generates a secret of 64 hex characters, another each time', async () => {
    const secrets = [(await call(MINIMAL)).webhook_secret, (await call(MINIMAL)).webhook_secret];
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(secrets).size).toBe(2);
  });

  it('takes every argument by name and subscribes to the given types', async () => {
    const made = await call(
      `SELECT * FROM create_webhook(p_timeout_seconds := 60, p_max_retries := 5, p_retry_enabled := false,
         p_event_types := ARRAY['video.generated', 'video.failed'], p_description := 'd',
         p_url := 'http://b.example', p_name := 'named')`,
    );
    expect(made.subscribed_events).toHaveLength(2);
    expect(made.subscribed_events).toEqual(expect.arrayContaining(['video.generated', 'video.failed']));
    expect(await typesOf(made.webhook_id)).toEqual(['video.failed', 'video.generated']);
    expect(await rowOf(ctx.db(), 'webhooks', made.webhook_id)).toMatchObject({
      name: 'named',
      url: 'http://b.example',
      description: 'd',
      retry_enabled: false,
      max_retries: 5,
      timeout_seconds: 60,
    });
  });

  it('takes every argument by position', async () => {
    const made = await call(
      "SELECT * FROM create_webhook('n', 'https://a.example', 'd', ARRAY['credit.added'], true, 10, 300)",
    );
    expect(await typesOf(made.webhook_id)).toEqual(['credit.added']);
    expect(await rowOf(ctx.db(), 'webhooks', made.webhook_id)).toMatchObject({ max_retries: 10, timeout_seconds: 300 });
  });

  it('subscribes once to a type that is named twice', async () => {
    const made = await call(
      "SELECT * FROM create_webhook('n', 'https://a.example', p_event_types := ARRAY['credit.added', 'credit.added'])",
    );
    expect(made.subscribed_events).toEqual(['credit.added']);
    expect(await typesOf(made.webhook_id)).toEqual(['credit.added']);
  });

  it('refuses an unknown event type with a hint, and makes nothing', async () => {
    const before = await hooks();
    const sql = "SELECT * FROM create_webhook('n', 'https://a.example', p_event_types := $1::text[])";
    await expectHint(call(sql, [['video.generated', 'no.such']]));
    expect(await hooks()).toBe(before);
  });

  it('refuses a disabled event type with a hint, and makes nothing', async () => {
    const db = ctx.db();
    const before = await hooks();
    const set = (enabled: boolean) =>
      asService(db, (tx) =>
        tx.query("UPDATE webhook_events SET is_enabled = $1::boolean WHERE event_type = 'credit.consumed'", [enabled]),
      );
    const sql = "SELECT * FROM create_webhook('n', 'https://a.example', p_event_types := ARRAY['credit.consumed'])";
    expect((await set(false)).rowCount).toBe(1);
    await expectHint(call(sql));
    expect(await hooks()).toBe(before);
    await set(true);
    expect((await call(sql)).subscribed_events).toEqual(['credit.consumed']);
  });

  it('refuses a URL that is not http(s) with a hint', async () => {
    for (const url of ['ftp://a.example', 'javascript:alert(1)', 'a.example', '']) {
      await expectHint(call('SELECT * FROM create_webhook($1::text, $2::text)', ['n', url]));
    }
  });

  it('refuses names and numbers outside their ranges, takes the boundaries', async () => {
    const named = 'SELECT * FROM create_webhook(p_name := $1::text, p_url := $2::text)';
    for (const name of ['', 'n'.repeat(256)]) await sqlError(call(named, [name, 'https://a.example']));
    expect(await call(named, ['n'.repeat(255), 'https://a.example'])).toHaveProperty('webhook_id');
    for (const [column, low, high] of [
      ['max_retries', 0, 10],
      ['timeout_seconds', 1, 300],
    ] as const) {
      const sql = `SELECT * FROM create_webhook('n', 'https://a.example', p_${column} := $1::integer)`;
      for (const refused of [low - 1, high + 1]) await sqlError(call(sql, [refused]));
      for (const taken of [low, high]) {
        const made = await call(sql, [taken]);
        expect(await rowOf(ctx.db(), 'webhooks', made.webhook_id)).toMatchObject({ [column]: taken });
      }
    }
  });

  it('is for signed-in users', async () => {
    const before = await hooks();
    expect((await sqlError(asAnon(ctx.db(), (tx) => one(tx, MINIMAL)))).code).toBe(INSUFFICIENT_PRIVILEGE);
    await expectHint(asUser(ctx.db(), { role: 'authenticated' }, (tx) => one(tx, MINIMAL)));
    expect(await hooks()).toBe(before);
  });
});
