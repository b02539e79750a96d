import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';

const EXTERNAL = 'auth0|to-be-erased';

describeOnPostgres('erasure of a user', (ctx) => {
  let erased: string;
  let kept: string;
  let keptBefore: Record<string, number>;
  beforeAll(async () => {
    erased = await userWithEverything(ctx.db(), EXTERNAL);
    kept = await userWithEverything(ctx.db(), 'auth0|kept');
    keptBefore = await placesOf(ctx.db(), kept);
    // A search that finds nothing would prove nothing: it finds the user in each of these first.
    expect(Object.keys(keptBefore).sort()).toEqual(
      expect.arrayContaining([
        'auth.users',
        'hookline.access_tokens',
        'hookline.events',
        'hookline.queue',
        'hookline.replays',
        'hookline.users',
        'hookline.webhook_delivery_attempts',
        'public.ai_content',
        'public.webhook_deliveries',
        'public.webhooks',
      ]),
    );
  });

  it('says what it removed', async () => {
    const { rows } = await erase(ctx.db(), erased);
    expect(Object.fromEntries(rows.map(({ kind, removed }) => [kind, removed]))).toEqual({
      access_tokens: 2,
      webhook_delivery_attempts: 1,
      webhook_deliveries: 3,
      statistics_daily: 1,
      webhook_event_subscriptions: 1,
      webhooks: 1,
      events: 5,
      ai_content: 2,
      audit_log: 11,
      external_user_ids: 1,
      users: 1,
    });
  });

  it('leaves their id nowhere, nor the id that the application knows them by', async () => {
    expect(await placesOf(ctx.db(), erased)).toEqual({});
    expect(await placesOf(ctx.db(), EXTERNAL)).toEqual({});
  });

  it('touches nobody else', async () => {
    expect(await placesOf(ctx.db(), kept)).toEqual(keptBefore);
  });

  it('of a user who is gone or never was removes nothing', async () => {
    for (const user of [erased, randomUUID()]) {
      const { rows } = await erase(ctx.db(), user);
      expect(rows.every(({ removed }) => removed === 0)).toBe(true);
    }
  });
});

function erase(db: Database, userId: string) {
  return asService(db, (tx) =>
    tx.query<{ kind: string; removed: number }>(
      'SELECT kind, removed::int AS removed FROM hookline.erase_user($1::uuid)',
      [userId],
    ),
  );
}

/** A webhook with a delivery in each state, one of them tried twice, events with and without a recipient, AI content of before and after sign-up. */
async function userWithEverything(db: Database, external: string): Promise<string> {
  await asService(db, (tx) =>
    tx.query("INSERT INTO ai_content (title, metadata) VALUES ('early', $1::jsonb)", [
      JSON.stringify({ user_id: external }),
    ]),
  );
  const user = await createUser(db);
  await asService(db, async (tx) => {
    await tx.query('INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, $2)', [user, external]);
    await tx.query("INSERT INTO ai_content (title, metadata) VALUES ('later', $1::jsonb)", [
      JSON.stringify({ user_id: user }),
    ]);
  });
  const webhook = await createWebhook(db, `https://example.com/${user}`, { metadata: JSON.stringify({ user }) }, user);
  const [first] = await trigger(db, user, { user_id: user });
  const [second] = await trigger(db, user, { user_id: user });
  await trigger(db, user, { user_id: user });
  await asService(db, async (tx) => {
    await tx.query("SELECT FROM create_webhook_replay($1::uuid, '-infinity')", [webhook.id]);
    await tx.query("SELECT FROM create_webhook_api_key('k', 'read', NULL, $1::uuid)", [user]);
    await tx.query("SELECT FROM hookline.create_access_token('portal_token', $1::uuid, NULL, 'write', '1 hour')", [
      user,
    ]);
    await tx.query(
      "UPDATE webhook_deliveries SET status = 'retrying', attempt_number = 1, response_status = 500 WHERE id = $1::uuid",
      [String(first)],
    );
    await tx.query(
      "UPDATE webhook_deliveries SET status = 'success', attempt_number = 2, response_status = 200 WHERE id = $1::uuid",
      [String(first)],
    );
    await tx.query("UPDATE webhook_deliveries SET status = 'failed', attempt_number = 1 WHERE id = $1::uuid", [
      String(second),
    ]);
    // For everyone, though nobody subscribes to it, and about this user, wherever it says so.
    for (const payload of [{ user_id: external }, { customer: { id: user.toUpperCase() } }]) {
      await tx.query("SELECT FROM trigger_webhook_event('credit.added', $1::jsonb)", [JSON.stringify(payload)]);
    }
  });
  return user;
}

/** Every table of ours whose rows hold the text anywhere, with the number of such rows. */
async function placesOf(db: Database, text: string): Promise<Record<string, number>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'hookline', 'auth')`,
  );
  const places: Record<string, number> = {};
  for (const { name } of tables) {
    const table = name.includes('.') ? name : `public.${name}`;
    const { rowCount } = await db.query(`SELECT FROM ${table} t WHERE strpos(lower(t::text), lower($1)) > 0`, [text]);
    if (rowCount > 0) places[table] = rowCount;
  }
  return places;
}
