import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { asService, asUser } from '../../src/db/roles.js';
import { countExpired, removeExpired } from '../../src/maintain/retention.js';
import { ACTIONS } from '../../src/manage/audit/audit.js';
import { INSUFFICIENT_PRIVILEGE, makeHook, one, putDelivery, rows, sqlError } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { trigger } from '../harness/delivering.js';

interface Entry {
  readonly action: string;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly user_id: string | null;
  readonly thing_id: string;
  readonly thing_name: string | null;
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  readonly [column: string]: unknown;
}

const LOG = 'SELECT * FROM hookline.audit_log a ORDER BY a.at, a.id';

describeOnPostgres('the audit log', (ctx) => {
  let user: string;
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });

  /** What `fn` added to it. */
  async function added(fn: () => Promise<unknown>): Promise<Entry[]> {
    const before = await rows<Entry>(ctx.db(), LOG);
    await fn();
    const seen = new Set(before.map(({ id }) => id));
    return (await rows<Entry>(ctx.db(), LOG)).filter(({ id }) => !seen.has(id));
  }
  const asMe = (sql: string, params: readonly string[] = []) => asUserId(ctx.db(), user, (tx) => tx.query(sql, params));
  /** An event of the user's, and the answer to its delivery. */
  async function answered(owner: string, status: number): Promise<void> {
    const ids = await trigger(ctx.db(), owner);
    await ctx
      .db()
      .query('UPDATE hookline.queue SET lease_id = gen_random_uuid() WHERE delivery_id = ANY ($1::uuid[])', [ids]);
    await asService(ctx.db(), (tx) =>
      tx.query('SELECT complete_webhook_delivery(d.id, $2::int) FROM unnest($1::uuid[]) d (id)', [ids, status]),
    );
  }
  const actions = (entries: readonly Entry[]) => entries.map(({ action }) => action);

  it('has each change of a webhook, by whom, and what changed', async () => {
    let id = '';
    const made = await added(async () => {
      ({ id } = await makeHook(ctx.db(), user, { name: 'Films', url: 'https://me:pass@example.com/in?token=tok#x' }));
    });
    expect(actions(made)).toEqual(['webhook.created', 'subscription.created']);
    expect(made[0]).toMatchObject({
      ...{
        actor_kind: 'user',
        actor_id: user,
        user_id: user,
        thing_kind: 'webhook',
        thing_id: id,
        thing_name: 'Films',
      },
    });
    expect(made[0]?.changes).toContainEqual({ column: 'url', new: 'https://***@example.com/in?***' });
    expect(made[0]?.changes).toContainEqual({ column: 'is_active', new: true });
    expect(made[1]).toMatchObject({ thing_id: id, thing_name: 'video.generated', user_id: user });

    const changes: [string, string, object[]][] = [
      [
        "UPDATE webhooks SET name = 'Movies', max_retries = 5",
        'webhook.updated',
        [
          { column: 'name', old: 'Films', new: 'Movies' },
          { column: 'max_retries', old: 3, new: 5 },
        ],
      ],
      [
        `UPDATE webhooks SET metadata = '{"text": "${'m'.repeat(5_000)}"}'`,
        'webhook.updated',
        [{ column: 'metadata', is_hidden: true }],
      ],
      [
        'UPDATE webhooks SET is_active = false',
        'webhook.deactivated',
        [{ column: 'is_active', old: true, new: false }],
      ],
      ['UPDATE webhooks SET is_active = true', 'webhook.activated', [{ column: 'is_active', old: false, new: true }]],
      [
        'UPDATE webhook_event_subscriptions SET filters = \'{"a": 1}\'',
        'subscription.updated',
        [{ column: 'filters', old: null, new: { a: 1 } }],
      ],
    ];
    for (const [sql, action, expected] of changes) {
      const [entry, ...more] = await added(() =>
        asMe(`${sql} WHERE ${sql.includes('subscriptions') ? 'webhook_id' : 'id'} = '${id}'`),
      );
      expect(more).toEqual([]);
      expect(entry).toMatchObject({ action, changes: expected, thing_id: id });
    }
    // What changes nothing is no change.
    expect(
      await added(() => asMe(`UPDATE webhooks SET name = name, is_active = is_active WHERE id = '${id}'`)),
    ).toEqual([]);
    const gone = await added(() => asMe(`DELETE FROM webhooks WHERE id = '${id}'`));
    expect(actions(gone)).toEqual(['webhook.deleted']);
    expect(gone[0]?.changes).toContainEqual({ column: 'name', old: 'Movies' });
  });

  it('never has a secret, a token or the value of a header', async () => {
    const hook = await makeHook(ctx.db(), user);
    const secrets: string[] = [hook.secret];
    const entries = await added(async () => {
      await asUserId(ctx.db(), user, async (tx) => {
        const rotated = await one<{ webhook_secret: string }>(tx, 'SELECT * FROM rotate_webhook_secret($1::uuid)', [
          hook.id,
        ]);
        const key = await one<{ api_key: string }>(tx, "SELECT * FROM create_webhook_api_key('ci', 'read')");
        secrets.push(rotated.webhook_secret, key.api_key, 'value-of-a-header');
        await tx.query('SELECT FROM set_webhook_headers($1::uuid, \'{"X-Key": "value-of-a-header"}\')', [hook.id]);
        await tx.query('SELECT FROM end_webhook_secret_overlap($1::uuid)', [hook.id]);
      });
      await asService(ctx.db(), async (tx) => {
        const portal = await one<{ token: string }>(
          tx,
          "SELECT token FROM hookline.create_access_token('portal_token', $1::uuid, NULL, 'read', '1 hour')",
          [user],
        );
        secrets.push(portal.token);
        await tx.query("SELECT revoke_webhook_access_token(t.id) FROM hookline.access_tokens t WHERE t.name = 'ci'");
      });
    });
    expect(actions(entries)).toEqual([
      ...['webhook.secret_rotated', 'api_key.created', 'webhook.headers_set', 'webhook.secret_overlap_ended'],
      ...['portal_token.created', 'api_key.revoked'],
    ]);
    expect(entries[0]?.changes).toEqual([
      { column: 'secret', is_hidden: true },
      { column: 'retired_secrets', is_hidden: true },
    ]);
    expect(entries[2]?.changes).toContainEqual({ column: 'custom_header_names', old: null, new: ['X-Key'] });
    const text = JSON.stringify(await rows(ctx.db(), LOG));
    for (const secret of secrets) expect(text).not.toContain(secret);
    const tokens = await rows<{ hash: string }>(
      ctx.db(),
      "SELECT encode(hash, 'hex') AS hash FROM hookline.access_tokens",
    );
    for (const { hash } of tokens) expect(text).not.toContain(hash);
  });

  it('has event types, replays, signing keys and settings', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'failed' });
    const key = (n: number) => `decode(repeat('0${n}', 48), 'hex'), decode(repeat('0${n}', 32), 'hex')`;
    const entries = await added(() =>
      asService(ctx.db(), async (tx) => {
        for (const sql of [
          "INSERT INTO webhook_events (event_type, category) VALUES ('order.paid', 'order')",
          "UPDATE webhook_events SET is_enabled = false WHERE event_type = 'order.paid'",
          "DELETE FROM webhook_events WHERE event_type = 'order.paid'",
          `SELECT FROM create_webhook_replay('${hook.id}', '-infinity')`,
          `SELECT FROM cancel_webhook_replay((SELECT id FROM webhook_replays WHERE webhook_id = '${hook.id}'))`,
          `SELECT hookline.make_first_signing_key(${key(1)})`,
          `SELECT hookline.rotate_signing_key(${key(2)})`,
          'UPDATE hookline.settings SET calls_per_user = 65',
          'UPDATE hookline.settings SET calls_per_user = 65',
        ])
          await tx.query(sql);
      }),
    );
    expect(actions(entries)).toEqual([
      ...['event_type.created', 'event_type.updated', 'event_type.deleted', 'replay.created', 'replay.cancelled'],
      ...['signing_key.created', 'signing_key.retired', 'signing_key.created', 'settings.updated'],
    ]);
    expect(entries.map(({ actor_kind }) => actor_kind)).toEqual(entries.map(() => 'system'));
    expect(entries.map(({ user_id }) => user_id)).toEqual(
      entries.map(({ action }) => (action.startsWith('replay') ? user : null)),
    );
    expect(entries.at(-1)?.changes).toEqual([{ column: 'calls_per_user', old: 64, new: 65 }]);
    const ofKeys = entries.filter(({ action }) => action.startsWith('signing_key')).flatMap(({ changes }) => changes);
    expect(new Set(ofKeys.map(({ column }) => column))).toEqual(new Set(['retired_at', 'published_until']));
  });

  it('tells plain SQL by its login, a request by what it said, and a token by its id', async () => {
    const { id } = await makeHook(ctx.db(), user);
    const rename = (name: string) => `UPDATE webhooks SET name = '${name}' WHERE id = '${id}'`;
    const login = (await one<{ name: string }>(ctx.db(), 'SELECT session_user::text AS name')).name;
    const [bySql] = await added(() => ctx.db().query(rename('by sql')));
    expect(bySql).toMatchObject({ actor_kind: 'sql', actor_id: login, login, ip: null, request_id: null });

    const origin = { requestId: 'r-1', ip: '192.0.2.7', userAgent: 'a "browser" \\ of theirs' };
    const from = { request_id: 'r-1', ip: '192.0.2.7', user_agent: origin.userAgent };
    const byService = (tx: Queryable) => tx.query(rename('by the service'));
    expect(await added(() => asService(ctx.db(), byService, 'write', origin))).toMatchObject([
      { actor_kind: 'service', actor_id: null, ...from },
    ]);
    const { token_id } = await one<{ token_id: string }>(
      ctx.db(),
      "SELECT token_id FROM hookline.create_access_token('portal_token', $1::uuid, NULL, 'write', '1 hour')",
      [user],
    );
    const claims = { sub: user, role: 'authenticated', hookline_token: token_id } as const;
    const byToken = await added(() =>
      asUser(ctx.db(), claims, (tx) => tx.query(rename('by a token')), 'write', origin),
    );
    expect(byToken).toMatchObject([{ actor_kind: 'portal_token', actor_id: token_id, user_id: user, ...from }]);
    // Whoever issues their sign-in may put any claim there.
    const mine = await createUser(ctx.db());
    const hook = await makeHook(ctx.db(), mine);
    for (const hookline_token of [token_id, 'none', randomUUID()]) {
      const forged = { sub: mine, role: 'authenticated', hookline_token } as const;
      const [entry] = await added(() =>
        asUser(ctx.db(), forged, (tx) =>
          tx.query(`UPDATE webhooks SET max_retries = 9 - max_retries WHERE id = '${hook.id}'`),
        ),
      );
      expect(entry).toMatchObject({ actor_kind: 'user', actor_id: mine });
    }
  });

  it('has a rotation by whoever says that secrets are only encrypted anew', async () => {
    const { id } = await makeHook(ctx.db(), user);
    const resealing = (sql: string) => async (tx: Queryable) => {
      await tx.query("SELECT set_config('hookline.resealing', 'on', true)");
      await tx.query(sql);
    };
    const byUser = await added(() => asUserId(ctx.db(), user, resealing(`SELECT rotate_webhook_secret('${id}', '0')`)));
    const byService = await added(() =>
      asService(ctx.db(), resealing(`UPDATE webhooks SET secret = 'theirs' WHERE id = '${id}'`)),
    );
    expect(actions([...byUser, ...byService])).toEqual(['webhook.secret_rotated', 'webhook.secret_rotated']);
    const version = () =>
      one<{ at: string }>(ctx.db(), 'SELECT updated_at::text AS at FROM webhooks WHERE id = $1::uuid', [id]);
    const before = await version();
    await asUserId(ctx.db(), user, resealing(`UPDATE webhooks SET name = 'another version' WHERE id = '${id}'`));
    expect(await version()).not.toEqual(before);
    // Nor does it come in where those that are encrypted anew go.
    await asService(ctx.db(), (tx) => tx.query("SELECT hookline.register_secret_key('k1', 'a proof')"));
    for (const key of ['k1', null]) {
      const put = asService(ctx.db(), (tx) =>
        tx.query("SELECT hookline.put_secrets('webhook', ARRAY[$1::text], '[[\"theirs\"]]', $2::text)", [id, key]),
      );
      expect((await sqlError(put)).code).toBe('HK008');
    }
    await ctx.db().query('DELETE FROM hookline.secret_keys');
  });

  it('is read newest first by index, by its owner and by the service', async () => {
    const plan = async (tx: Queryable): Promise<string> => {
      await tx.query("SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)");
      const page = 'EXPLAIN SELECT * FROM webhook_audit_log a ORDER BY a.at DESC, a.id DESC LIMIT 50';
      return JSON.stringify((await tx.query(page)).rows);
    };
    for (const found of [await asUserId(ctx.db(), user, plan), await asService(ctx.db(), plan)]) {
      expect(found).toMatch(/Index Scan Backward using audit_log_user_id/);
      expect(found).not.toMatch(/-> {2}(Incremental )?Sort \(/);
    }
  });

  it('is rolled back with the change, and has nothing of what the system counts', async () => {
    const mine = await createUser(ctx.db());
    const hook = await makeHook(ctx.db(), mine);
    const broken = () =>
      asUserId(ctx.db(), mine, async (tx) => {
        await tx.query(`UPDATE webhooks SET name = 'never' WHERE id = '${hook.id}'`);
        throw new Error('rolled back');
      });
    expect(await added(() => broken().catch(() => undefined))).toEqual([]);
    const counted = await added(async () => {
      for (let n = 0; n < 25; n += 1) {
        await answered(mine, n === 0 ? 200 : 500);
      }
      await asService(ctx.db(), (tx) => tx.query('UPDATE hookline.access_tokens SET last_used_at = now()'));
    });
    const columns =
      'successful_deliveries, consecutive_failures, breaker_since IS NOT NULL AS is_open, failing_since IS NOT NULL AS fails';
    expect(await one(ctx.db(), `SELECT ${columns} FROM webhooks WHERE id = $1::uuid`, [hook.id])).toEqual({
      ...{ successful_deliveries: 1, consecutive_failures: 24, is_open: true, fails: true },
    });
    expect(counted).toEqual([]);
    // But that the system gave a webhook up is.
    const gone = await added(() => answered(mine, 410));
    expect(gone).toMatchObject([
      { action: 'webhook.deactivated', actor_kind: 'system', thing_id: hook.id, user_id: mine },
    ]);
    expect(gone[0]?.changes).toContainEqual({ column: 'disabled_reason', old: null, new: 'gone' });
  });

  it('is written by nobody, and read by its owner alone', async () => {
    const other = await createUser(ctx.db());
    await makeHook(ctx.db(), other);
    const columns = "(actor_kind, action, thing_kind, thing_id) VALUES ('sql', 'webhook.forged', 'webhook', '1')";
    for (const sql of [
      `INSERT INTO hookline.audit_log ${columns}`,
      "UPDATE hookline.audit_log SET actor_id = 'nobody'",
      'DELETE FROM hookline.audit_log',
      'TRUNCATE hookline.audit_log',
    ]) {
      const refused = await sqlError(asService(ctx.db(), (tx) => tx.query(sql)));
      expect([sql, refused.code]).toEqual([sql, INSUFFICIENT_PRIVILEGE]);
      expect((await sqlError(asMe(sql))).code).toBe(INSUFFICIENT_PRIVILEGE);
      if (!/^(INSERT|DELETE)/.test(sql))
        expect((await sqlError(ctx.db().query(sql))).code).toBe(INSUFFICIENT_PRIVILEGE);
    }
    const seen = await asUserId(ctx.db(), user, (tx) => rows<Entry>(tx, 'SELECT * FROM webhook_audit_log'));
    expect(seen.length).toBeGreaterThan(10);
    expect(new Set(seen.map(({ user_id }) => user_id))).toEqual(new Set([user]));
    expect(seen.filter(({ login }) => login !== null)).toEqual([]);
    // From where the operator acted is not the user's to know.
    expect(
      seen.filter(({ actor_kind, ip, user_agent }) => actor_kind === 'service' && (ip ?? user_agent) !== null),
    ).toEqual([]);
    expect(seen.filter(({ actor_kind, actor_id }) => actor_kind === 'sql' && actor_id !== null)).toEqual([]);
    const all = await asService(ctx.db(), (tx) => rows(tx, 'SELECT * FROM webhook_audit_log'));
    expect(all).toHaveLength((await rows(ctx.db(), LOG)).length);
    expect(
      (await sqlError(asUser(ctx.db(), { role: 'anon' }, (tx) => tx.query('SELECT FROM webhook_audit_log')))).code,
    ).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it('forgets what is older than the settings say, and nothing else', async () => {
    const put = (age: string) =>
      ctx.db().query(
        `INSERT INTO hookline.audit_log (at, actor_kind, action, thing_kind, thing_id)
         SELECT now() - interval '${age}', 'system', 'test.${age}', 'test', n::text FROM generate_series(1, 501) n`,
      );
    await put('401 days');
    await put('399 days');
    expect(await countExpired(ctx.db())).toMatchObject({ audit: 501 });
    for (const audit of [500, 1, 0]) expect(await removeExpired(ctx.db(), 500)).toMatchObject({ audit });
    expect(await rows(ctx.db(), "SELECT FROM hookline.audit_log WHERE action = 'test.399 days'")).toHaveLength(501);
    const refused = await sqlError(
      asService(ctx.db(), (tx) => tx.query('UPDATE hookline.settings SET audit_retention_days = 1')),
    );
    expect(refused.code).toBe('23514');
  });

  it('loses all of an erased user, and says that somebody was erased', async () => {
    const erased = await createUser(ctx.db());
    const { id } = await makeHook(ctx.db(), erased);
    const origin = { requestId: 'r-2', ip: '192.0.2.99' };
    await asUser(
      ctx.db(),
      { sub: erased, role: 'authenticated' },
      (tx) => tx.query(`UPDATE webhooks SET name = 'n' WHERE id = '${id}'`),
      'write',
      origin,
    );
    await ctx.db().query('INSERT INTO hookline.user_limits (user_id, max_pending) VALUES ($1::uuid, 9)', [erased]);
    const entries = await added(() =>
      asService(ctx.db(), (tx) => tx.query('SELECT FROM hookline.erase_user($1::uuid)', [erased])),
    );
    expect(actions(entries)).toEqual(['user.erased']);
    const text = JSON.stringify(await rows(ctx.db(), LOG));
    for (const trace of [erased, id, '192.0.2.99']) expect(text).not.toContain(trace);
    const { digest } = await one<{ digest: string }>(
      ctx.db(),
      "SELECT 'sha256:' || encode(sha256(convert_to($1::text, 'UTF8')), 'hex') AS digest",
      [erased],
    );
    expect(entries[0]?.thing_id).toBe(digest);
  });

  it('has no action but those that are documented', async () => {
    const found = await rows<{ action: string }>(
      ctx.db(),
      "SELECT DISTINCT action FROM hookline.audit_log WHERE action NOT LIKE 'test.%'",
    );
    expect(found.length).toBeGreaterThan(15);
    expect(ACTIONS).toEqual(expect.arrayContaining(found.map(({ action }) => action)));
  });
});
