import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { createHookline, type Hookline } from '../../src/in-process/index.js';
import { describeOnEachDatabase, newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';

type Events = { 'video.generated': { video_id: string }; 'credit.added': { amount?: number; sum?: number; at?: Date } };

const eventsWith = async (db: Database, videoId: string): Promise<number> =>
  (await db.query('SELECT FROM hookline.events WHERE payload = $1::jsonb', [JSON.stringify({ video_id: videoId })]))
    .rowCount;

/** A connection that ends with its database after the pool has let go of it would otherwise end the process. */
function newPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined);
  return pool;
}

describeOnEachDatabase('createHookline', (ctx) => {
  let hookline: Hookline<Events>;
  let userId: string;
  beforeAll(async () => {
    hookline = createHookline<Events>({ pool: ctx.db() });
    ({ userId } = await createWebhook(ctx.db(), 'https://example.com/hook'));
    await ctx.db().query("INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, 'ours')", [userId]);
  });

  it('triggers for a user by either id, and for everyone', async () => {
    const payload = { video_id: 'v1' };
    for (const recipient of [{ userId }, { externalUserId: 'ours' }, { broadcast: true } as const]) {
      expect(await hookline.trigger(undefined, { type: 'video.generated', payload, ...recipient })).toEqual({
        eventId: expect.any(String),
        isDuplicate: false,
        deliveries: [{ id: expect.any(String), webhook_id: expect.any(String), url: 'https://example.com/hook' }],
      });
    }
  });

  it('triggers once under a key', async () => {
    const event = {
      type: 'video.generated',
      payload: { video_id: 'v2' },
      userId,
      idempotencyKey: randomUUID(),
    } as const;
    const first = await hookline.trigger(ctx.db(), event);
    expect(await hookline.trigger(ctx.db(), event)).toEqual({ ...first, isDuplicate: true });
    await expect(hookline.trigger(ctx.db(), { ...event, payload: { video_id: 'v3' } })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  it('triggers nothing when the transaction is rolled back, and goes on in it after a refusal', async () => {
    const stop = new Error('rolled back');
    const rolledBack = ctx.db().transaction(async (tx) => {
      await hookline.trigger(tx, { type: 'video.generated', payload: { video_id: 'lost' }, userId });
      throw stop;
    });
    await expect(rolledBack).rejects.toBe(stop);
    expect(await eventsWith(ctx.db(), 'lost')).toBe(0);
    await ctx.db().transaction(async (tx) => {
      const refused = { type: 'video.generated', payload: { video_id: '\0' }, userId } as const;
      await expect(hookline.trigger(tx, refused)).rejects.toMatchObject({ code: 'not_storable' });
      const nobody = { type: 'video.generated', payload: { video_id: 'x' }, userId: randomUUID() } as const;
      await expect(hookline.trigger(tx, nobody)).rejects.toMatchObject({ code: 'unknown_user' });
      await hookline.trigger(tx, { type: 'video.generated', payload: { video_id: 'kept' }, userId });
    });
    expect(await eventsWith(ctx.db(), 'kept')).toBe(1);
  });

  it('checks payloads against the schema of now, as it is read from JSON', async () => {
    const setSchema = (schema: object) =>
      asService(ctx.db(), (tx) =>
        tx.query("UPDATE webhook_events SET payload_schema = $1::jsonb WHERE event_type = 'credit.added'", [
          JSON.stringify(schema),
        ]),
      );
    const credit = (payload: Events['credit.added']) =>
      hookline.trigger(undefined, { type: 'credit.added', payload, broadcast: true });
    await setSchema({ required: ['amount'], properties: { at: { type: 'string', format: 'date-time' } } });
    await credit({ amount: 1, at: new Date() });
    await expect(credit({})).rejects.toMatchObject({ code: 'invalid_payload', findings: [{ pointer: '/payload' }] });
    await setSchema({ required: ['sum'] });
    await expect(credit({ amount: 1 })).rejects.toMatchObject({ code: 'invalid_payload' });
    await credit({ sum: 1 });
  });

  const payload = { video_id: 'v' };
  it.each([
    ['no recipient', { type: 'video.generated', payload }, 'invalid_request'],
    ['two recipients', { type: 'video.generated', payload, broadcast: true, externalUserId: 'a' }, 'invalid_request'],
    ['broadcast: false', { type: 'video.generated', payload, broadcast: false }, 'invalid_request'],
    ['a user who is null', { type: 'video.generated', payload, userId: null }, 'invalid_request'],
    ['a user that is no UUID', { type: 'video.generated', payload, userId: 'u1' }, 'invalid_request'],
    ['no type', { payload, broadcast: true }, 'invalid_request'],
    ['a NUL in the type', { type: 'a\0', payload, broadcast: true }, 'invalid_request'],
    ['an empty key', { type: 'video.generated', payload, broadcast: true, idempotencyKey: '' }, 'invalid_request'],
    ['a key of 256', { type: 'a', payload, broadcast: true, idempotencyKey: 'k'.repeat(256) }, 'invalid_request'],
    ['a type of 101', { type: 'a'.repeat(101), payload, broadcast: true }, 'invalid_request'],
    ['an unknown type of 100', { type: 'a'.repeat(100), payload, broadcast: true }, 'unknown_event_type'],
    ['an unknown user of 255', { type: 'video.generated', payload, externalUserId: 'u'.repeat(255) }, 'unknown_user'],
    ['an unknown type', { type: 'no.such', payload, broadcast: true }, 'unknown_event_type'],
    ['no payload', { type: 'video.generated', broadcast: true }, 'invalid_payload'],
    ['a list', { type: 'video.generated', payload: [1], broadcast: true }, 'invalid_payload'],
    ['a bigint', { type: 'video.generated', payload: { n: 1n }, broadcast: true }, 'invalid_payload'],
    ['300 kB', { type: 'video.generated', payload: { a: 'x'.repeat(300_000) }, broadcast: true }, 'payload_too_large'],
  ])('refuses %s', async (_what, event, code) => {
    await expect(hookline.trigger(undefined, event as never)).rejects.toMatchObject({ code });
  });

  it.each([
    ['no.such', 'hookline events create no.such --category no`'],
    ['a;b', 'hookline events create <event-type> --category <category>`'],
  ])('says of the unknown type %s how one is registered', async (type, hint) => {
    const trigger = hookline.trigger(undefined, { type, payload, broadcast: true } as never);
    await expect(trigger).rejects.toMatchObject({
      hint: expect.stringMatching(/^The operator registers it by `hookline events create .*Registered/),
    });
    await expect(trigger).rejects.toMatchObject({ hint: expect.stringContaining(hint) });
  });
});

describe('createHookline with a role of the application', () => {
  const role = `hookline_test_app_${randomUUID().slice(0, 8)}`;
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    owner = openPostgres({ connectionString: database.url, poolSize: 2 });
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'app'`, []);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'app';
    pool = newPool(url.href);
  });
  afterAll(async () => {
    await pool.end();
    await owner.query(`DROP OWNED BY ${role}`, []);
    await owner.query(`DROP ROLE ${role}`, []);
    await owner.close();
    await database.drop();
  });

  it('needs two rights, says which, and gets no other', async () => {
    const hookline = createHookline<Events>({ pool });
    const { userId } = await createWebhook(owner, 'https://example.com/hook');
    const event = { type: 'video.generated', payload: { video_id: 'v1' }, userId } as const;
    await expect(hookline.trigger(pool, event)).rejects.toMatchObject({
      code: 'database_refused',
      hint: expect.stringContaining('GRANT USAGE ON SCHEMA hookline'),
    });
    await owner.query(`GRANT USAGE ON SCHEMA hookline TO ${role}`, []);
    await expect(hookline.trigger(pool, event)).rejects.toMatchObject({ code: 'database_refused' });
    await owner.query(`GRANT EXECUTE ON FUNCTION hookline.trigger_events TO ${role}`, []);
    expect((await hookline.trigger(pool, event)).deliveries).toHaveLength(1);
    for (const table of ['webhooks', 'webhook_events', 'webhook_deliveries', 'hookline.events', 'hookline.users']) {
      await expect(pool.query(`SELECT FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('makes its users known with a third right, in the transaction of their first event', async () => {
    const ensure = "SELECT hookline.ensure_user('shop-1')";
    await owner.query(`GRANT USAGE ON SCHEMA hookline TO ${role}`, []);
    await owner.query(`GRANT EXECUTE ON FUNCTION hookline.trigger_events TO ${role}`, []);
    await expect(pool.query(ensure)).rejects.toMatchObject({ code: '42501' });
    await owner.query(`GRANT EXECUTE ON FUNCTION hookline.ensure_user TO ${role}`, []);
    const client = await pool.connect();
    const event = { type: 'video.generated', payload: { video_id: 'v1' }, externalUserId: 'shop-1' } as const;
    const hookline = createHookline<Events>({ pool });
    for (const end of ['ROLLBACK', 'COMMIT']) {
      await client.query('BEGIN');
      await expect(hookline.trigger(client, event)).rejects.toMatchObject({
        code: 'unknown_user',
        hint: expect.stringContaining('SELECT hookline.ensure_user'),
      });
      await client.query(ensure);
      expect((await hookline.trigger(client, event)).deliveries).toEqual([]);
      await client.query(end);
    }
    client.release();
    await expect(pool.query('SELECT FROM hookline.users')).rejects.toMatchObject({ code: '42501' });
  });

  it('says that a database is not migrated', async () => {
    const empty = await newPostgresDatabase({ migrated: false });
    const stranger = newPool(empty.url);
    const trigger = () =>
      createHookline({ pool: stranger }).trigger(undefined, { type: 'a', payload: {}, broadcast: true });
    await expect(trigger()).rejects.toMatchObject({ code: 'not_migrated' });
    // As after migrations of long ago.
    await stranger.query('CREATE SCHEMA hookline');
    await expect(trigger()).rejects.toMatchObject({ code: 'not_migrated' });
    await stranger.end();
    await empty.drop();
  });

  it('says that a database is away', async () => {
    const away = newPool('postgres://app@127.0.0.1:1/app');
    const trigger = createHookline({ pool: away }).trigger(undefined, { type: 'a', payload: {}, broadcast: true });
    await expect(trigger).rejects.toMatchObject({ code: 'database_unavailable' });
    await away.end();
  });
});
