import { beforeAll, expect, it } from 'vitest';
import type { Param } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { createUser, describeOnEachDatabase } from '../harness/databases.js';
import { makeHook, NOBODY, one, putDelivery, rowOf, sqlError } from './spec-helpers.js';

const CHECK = '23514';
const NOT_NULL = '23502';
const FOREIGN_KEY = '23503';
const UNIQUE = '23505';
const TOO_LONG = '22001';

/** column, values that are taken, values that are refused. */
const RANGES: readonly [string, readonly Param[], readonly Param[]][] = [
  ['max_retries', [0, 1, 10], [-1, 11]],
  ['retry_delay_seconds', [1, 3600], [0, -1, 3601]],
  ['timeout_seconds', [1, 300], [0, -1, 301]],
  ['signature_algorithm', ['sha256', 'sha512'], ['md5', 'SHA256', '']],
  ['name', ['a', 'n'.repeat(255), '名'.repeat(255)], ['']],
  [
    'url',
    ['http://a', 'https://a.example/x?y=1#z', `https://a.example/${'p'.repeat(3000)}`],
    [
      '',
      'ftp://a',
      'javascript:alert(1)',
      'a.example',
      '//a.example',
      'http:/a',
      ' https://a',
      'x\nhttps://a',
      'httpss://a',
    ],
  ],
];

describeOnEachDatabase('constraints and defaults', (ctx) => {
  let user = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });

  const insertHook = (column?: string, value?: Param) => {
    const set: Record<string, Param> = { user_id: user, name: 'n', url: 'https://a.example', secret: 's' };
    if (column !== undefined && value !== undefined) set[column] = value;
    const names = Object.keys(set);
    const places = names.map((_, i) => `$${i + 1}`).join(', ');
    const sql = `INSERT INTO webhooks (${names.join(', ')}) VALUES (${places}) RETURNING *`;
    return asService(ctx.db(), (tx) => one(tx, sql, Object.values(set)));
  };

  for (const [column, taken, refused] of RANGES) {
    it(`webhooks.${column}: boundaries on insert`, async () => {
      for (const value of taken) {
        expect(await insertHook(column, value)).toMatchObject({ [column]: value });
      }
      for (const value of refused) {
        expect((await sqlError(insertHook(column, value))).code, JSON.stringify(value)).toBe(CHECK);
      }
    });

    it(`webhooks.${column}: boundaries on update`, async () => {
      const { id } = (await insertHook()) as { id: string };
      const update = (value: Param) =>
        asService(ctx.db(), (tx) =>
          one(tx, `UPDATE webhooks SET ${column} = $2 WHERE id = $1::uuid RETURNING ${column}`, [id, value]),
        );
      for (const value of taken) expect(await update(value)).toEqual({ [column]: value });
      for (const value of refused) expect((await sqlError(update(value))).code, JSON.stringify(value)).toBe(CHECK);
    });
  }

  it('webhooks: lengths of the VARCHAR columns', async () => {
    expect((await sqlError(insertHook('name', 'n'.repeat(256)))).code).toMatch(new RegExp(`^(${TOO_LONG}|${CHECK})$`));
    expect((await sqlError(insertHook('secret', 's'.repeat(256)))).code).toMatch(
      new RegExp(`^(${TOO_LONG}|${CHECK})$`),
    );
    expect(await insertHook('secret', 's'.repeat(255))).toMatchObject({ secret: 's'.repeat(255) });
  });

  it('webhooks: the settled defaults', async () => {
    expect(await insertHook()).toMatchObject({
      user_id: user,
      description: null,
      signature_algorithm: 'sha256',
      is_active: true,
      is_verified: false,
      verified_at: null,
      retry_enabled: true,
      max_retries: 3,
      retry_delay_seconds: 60,
      timeout_seconds: 30,
      total_deliveries: 0,
      successful_deliveries: 0,
      failed_deliveries: 0,
      last_delivery_at: null,
      last_success_at: null,
      last_failure_at: null,
      metadata: {},
    });
  });

  it('webhooks: id, times and a verification token are made with the row', async () => {
    const row = await insertHook();
    expect(row['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(row['verification_token']).toMatch(/^\S{16,255}$/);
    expect((await insertHook())['verification_token']).not.toBe(row['verification_token']);
    expect(row['updated_at']).toBe(row['created_at']);
    expect(Math.abs(Date.now() - Date.parse(String(row['created_at'])))).toBeLessThan(60_000);
  });

  it('webhooks: the owner is a row of auth.users', async () => {
    expect((await sqlError(insertHook('user_id', NOBODY))).code).toBe(FOREIGN_KEY);
  });

  it('webhook_events: defaults, and event_type is unique', async () => {
    const insert = (type: string) =>
      asService(ctx.db(), (tx) =>
        one(
          tx,
          `INSERT INTO webhook_events (event_type, category, description, payload_schema)
           VALUES ($1, 'custom', 'd', '{"type":"object"}') RETURNING *`,
          [type],
        ),
      );
    const row = await insert('custom.made');
    expect(row).toMatchObject({ is_enabled: true, category: 'custom', payload_schema: { type: 'object' } });
    expect(row['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(row['created_at']).toBe(row['updated_at']);
    expect((await sqlError(insert('custom.made'))).code).toBe(UNIQUE);
    expect(await insert(`c.${'x'.repeat(98)}`)).toMatchObject({ is_enabled: true });
    expect((await sqlError(insert(`c.${'x'.repeat(99)}`))).code).toMatch(new RegExp(`^(${TOO_LONG}|${CHECK})$`));
  });

  it('webhook_event_subscriptions: defaults, foreign keys, unique (webhook_id, event_type)', async () => {
    const hook = await makeHook(ctx.db(), user, { types: [] });
    const insert = (webhook: string, type: string) =>
      asService(ctx.db(), (tx) =>
        one(tx, 'INSERT INTO webhook_event_subscriptions (webhook_id, event_type) VALUES ($1::uuid, $2) RETURNING *', [
          webhook,
          type,
        ]),
      );
    expect(await insert(hook.id, 'credit.added')).toMatchObject({ is_active: true });
    expect((await sqlError(insert(hook.id, 'credit.added'))).code).toBe(UNIQUE);
    await sqlError(insert(NOBODY, 'credit.added'));
    await sqlError(insert(hook.id, 'no.such'));
  });

  it('webhook_deliveries: request_method is POST by default, the status is one of four', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putDelivery(ctx.db(), hook, { status: 'failed' });
    expect(await rowOf(ctx.db(), 'webhook_deliveries', id)).toMatchObject({ request_method: 'POST', status: 'failed' });
    const setStatus = asService(ctx.db(), (tx) =>
      tx.query("UPDATE webhook_deliveries SET status = 'lost' WHERE id = $1::uuid", [id]),
    );
    expect((await sqlError(setStatus)).code).toBe(CHECK);
  });

  it('webhook_deliveries: a delivery belongs to a webhook', async () => {
    const orphan = { id: NOBODY, user, secret: '', url: 'https://a.example' };
    expect((await sqlError(putDelivery(ctx.db(), orphan, { status: 'failed' }))).code).toMatch(
      new RegExp(`^(${FOREIGN_KEY}|${NOT_NULL})$`),
    );
  });

  it('what belongs to a webhook goes with it', async () => {
    const db = ctx.db();
    const hook = await makeHook(db, user, { types: ['video.generated', 'credit.added'] });
    await putDelivery(db, hook, { status: 'success' });
    const count = (table: string) =>
      asService(db, (tx) =>
        one(tx, `SELECT count(*)::integer AS n FROM ${table} WHERE webhook_id = $1::uuid`, [hook.id]),
      );
    expect(await count('webhook_event_subscriptions')).toEqual({ n: 2 });
    expect(await count('webhook_deliveries')).toEqual({ n: 1 });
    await asService(db, (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [hook.id]));
    expect(await count('webhook_event_subscriptions')).toEqual({ n: 0 });
    expect(await count('webhook_deliveries')).toEqual({ n: 0 });
  });
});
