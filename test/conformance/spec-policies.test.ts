import { beforeAll, expect, it } from 'vitest';
import type { Database, Param, Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import {
  asAnon,
  type Hook,
  INSUFFICIENT_PRIVILEGE,
  makeHook,
  putDelivery,
  rowOf,
  sqlError,
  trigger,
} from './spec-helpers.js';

type Who = 'owner' | 'stranger' | 'anon' | 'service';

/** What a statement on the owner's rows comes to: how many rows it saw or changed, or that it is refused. */
type Outcome = number | 'refused';

interface Case {
  readonly table: string;
  readonly does: string;
  /** `$hook`, `$delivery`, `$owner` are filled in. The statement is always rolled back. */
  readonly sql: string;
  readonly outcome: Readonly<Record<Who, Outcome>>;
}

// The owner has one webhook with one subscription and one delivery; so has the stranger, and these rows never count here.
const OWNED = { owner: 1, stranger: 0, anon: 'refused', service: 1 } as const;
const SERVICE_ONLY = { owner: 'refused', stranger: 'refused', anon: 'refused', service: 1 } as const;

const CASES: readonly Case[] = [
  { table: 'webhooks', does: 'select', sql: 'SELECT FROM webhooks WHERE id = $hook', outcome: OWNED },
  {
    table: 'webhooks',
    does: 'select the secret',
    sql: "SELECT secret FROM webhooks WHERE id = $hook AND secret <> ''",
    outcome: OWNED,
  },
  {
    table: 'webhooks',
    does: 'insert for the owner',
    sql: "INSERT INTO webhooks (user_id, name, url) VALUES ($owner, 'n', 'https://a.example')",
    outcome: { owner: 1, stranger: 'refused', anon: 'refused', service: 1 },
  },
  {
    table: 'webhooks',
    does: 'update',
    sql: `UPDATE webhooks SET name = 'renamed', url = 'https://b.example', description = 'd', is_active = false, retry_enabled = false,
      max_retries = 1, retry_delay_seconds = 2, timeout_seconds = 3, signature_algorithm = 'sha512', metadata = '{"a":1}' WHERE id = $hook`,
    outcome: OWNED,
  },
  {
    table: 'webhooks',
    does: 'give away',
    sql: 'UPDATE webhooks SET user_id = $stranger WHERE id = $hook',
    outcome: { owner: 'refused', stranger: 'refused', anon: 'refused', service: 1 },
  },
  { table: 'webhooks', does: 'delete', sql: 'DELETE FROM webhooks WHERE id = $hook', outcome: OWNED },
  {
    table: 'webhook_events',
    does: 'select',
    sql: "SELECT FROM webhook_events WHERE event_type = 'video.generated'",
    outcome: { owner: 1, stranger: 1, anon: 'refused', service: 1 },
  },
  {
    table: 'webhook_events',
    does: 'insert',
    sql: "INSERT INTO webhook_events (event_type, category, description, payload_schema) VALUES ('x.y', 'x', '', '{}')",
    outcome: SERVICE_ONLY,
  },
  {
    table: 'webhook_events',
    does: 'update',
    sql: "UPDATE webhook_events SET is_enabled = false WHERE event_type = 'video.generated'",
    outcome: SERVICE_ONLY,
  },
  {
    table: 'webhook_events',
    does: 'delete',
    sql: "DELETE FROM webhook_events WHERE event_type = 'webhook.disabled'",
    outcome: SERVICE_ONLY,
  },
  {
    table: 'webhook_event_subscriptions',
    does: 'select',
    sql: 'SELECT FROM webhook_event_subscriptions WHERE webhook_id = $hook',
    outcome: OWNED,
  },
  {
    table: 'webhook_event_subscriptions',
    does: 'insert',
    sql: "INSERT INTO webhook_event_subscriptions (webhook_id, event_type) VALUES ($hook, 'credit.added')",
    outcome: { owner: 1, stranger: 'refused', anon: 'refused', service: 1 },
  },
  {
    table: 'webhook_event_subscriptions',
    does: 'update',
    sql: `UPDATE webhook_event_subscriptions SET is_active = false, filters = '{"a":1}' WHERE webhook_id = $hook`,
    outcome: OWNED,
  },
  {
    table: 'webhook_event_subscriptions',
    does: 'delete',
    sql: 'DELETE FROM webhook_event_subscriptions WHERE webhook_id = $hook',
    outcome: OWNED,
  },
  {
    table: 'webhook_deliveries',
    does: 'select',
    sql: 'SELECT * FROM webhook_deliveries WHERE webhook_id = $hook',
    outcome: OWNED,
  },
  {
    table: 'webhook_deliveries',
    does: 'insert',
    sql: `INSERT INTO webhook_deliveries (webhook_id, event_type, request_url, request_payload, status, attempt_number, max_attempts)
      VALUES ($hook, 'video.generated', 'https://a.example', '{}', 'failed', 1, 1)`,
    outcome: SERVICE_ONLY,
  },
  {
    table: 'webhook_deliveries',
    does: 'update',
    sql: "UPDATE webhook_deliveries SET status = 'success', delivered_at = now() WHERE id = $delivery",
    outcome: SERVICE_ONLY,
  },
  {
    table: 'webhook_deliveries',
    does: 'delete',
    sql: 'DELETE FROM webhook_deliveries WHERE id = $delivery',
    outcome: SERVICE_ONLY,
  },
];

class RolledBack extends Error {}

describeOnEachDatabase('row level security', (ctx) => {
  let owner = '';
  let stranger = '';
  let hook: Hook;
  let delivery = '';
  beforeAll(async () => {
    owner = await createUser(ctx.db());
    stranger = await createUser(ctx.db());
    hook = await makeHook(ctx.db(), owner);
    delivery = await putDelivery(ctx.db(), hook, { status: 'failed' });
    await putDelivery(ctx.db(), await makeHook(ctx.db(), stranger), { status: 'failed' });
  });

  const as: Record<Who, <T>(db: Database, fn: (tx: Queryable) => Promise<T>) => Promise<T>> = {
    owner: (db, fn) => asUserId(db, owner, fn),
    stranger: (db, fn) => asUserId(db, stranger, fn),
    anon: asAnon,
    service: asService,
  };

  async function outcome(who: Who, sql: string): Promise<Outcome> {
    const values: Record<string, Param> = { hook: hook.id, delivery, owner, stranger };
    const used = [...new Set([...sql.matchAll(/\$([a-z]+)/g)].map((match) => String(match[1])))];
    const text = used.reduce((all, name, i) => all.replaceAll(`$${name}`, `$${i + 1}::uuid`), sql);
    let changed = -1;
    const run = as[who](ctx.db(), async (tx) => {
      changed = (
        await tx.query(
          text,
          used.map((name) => values[name] ?? null),
        )
      ).rowCount;
      throw new RolledBack();
    });
    const error: unknown = await run.catch((reason: unknown) => reason);
    if (error instanceof RolledBack) return changed;
    expect(await sqlError(Promise.reject(error))).toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    return 'refused';
  }

  for (const { table, does, sql, outcome: expected } of CASES) {
    for (const who of ['owner', 'stranger', 'anon', 'service'] as const) {
      it(`${table}: ${does} as ${who}: ${expected[who]}`, async () => {
        const got = await outcome(who, sql);
        // That a row is not there for the caller may show as nothing changed or as a refusal: both keep the rule.
        if (expected[who] === 'refused') expect([0, 'refused']).toContain(got);
        else expect(got).toBe(expected[who]);
      });
    }
  }

  it('each user sees their own rows and no other', async () => {
    await trigger(ctx.db(), 'video.generated', {});
    const seen = async (who: 'owner' | 'stranger') =>
      as[who](ctx.db(), async (tx) => {
        const { rows } = await tx.query<{ owners: string[]; events: number }>(
          `SELECT array(SELECT DISTINCT w.user_id::text FROM webhooks w) AS owners,
             (SELECT count(*)::integer FROM webhook_events) AS events`,
          [],
        );
        const ours = 'SELECT id FROM webhooks';
        for (const table of ['webhook_deliveries', 'webhook_event_subscriptions']) {
          const { rowCount } = await tx.query(`SELECT FROM ${table} WHERE webhook_id NOT IN (${ours})`, []);
          expect(rowCount, table).toBe(0);
          expect((await tx.query(`SELECT FROM ${table}`, [])).rowCount, table).toBeGreaterThan(0);
        }
        return rows[0];
      });
    expect(await seen('owner')).toMatchObject({ owners: [owner], events: 8 });
    expect(await seen('stranger')).toMatchObject({ owners: [stranger], events: 8 });
  });

  it('an owner cannot declare a URL verified, nor write the counters', async () => {
    const before = await rowOf(ctx.db(), 'webhooks', hook.id);
    for (const set of [
      'is_verified = true',
      'verified_at = now()',
      'total_deliveries = 9',
      'last_success_at = now()',
    ]) {
      const column = set.split(' ')[0] ?? '';
      const write = asUserId(ctx.db(), owner, (tx) =>
        tx.query(`UPDATE webhooks SET ${set} WHERE id = $1::uuid`, [hook.id]),
      );
      await write.catch(async (reason: unknown) => {
        expect((await sqlError(Promise.reject(reason))).code).toBe(INSUFFICIENT_PRIVILEGE);
      });
      expect((await rowOf(ctx.db(), 'webhooks', hook.id))[column], set).toBe(before[column]);
    }
  });

  it('a token without a user sees no rows', async () => {
    const none = await ctx.db().transaction(async (tx) => {
      await tx.query(
        "SELECT set_config('role', 'authenticated', true), set_config('request.jwt.claims', '', true)",
        [],
      );
      const counts = [];
      for (const table of ['webhooks', 'webhook_event_subscriptions', 'webhook_deliveries']) {
        counts.push((await tx.query(`SELECT id FROM ${table}`, [])).rowCount);
      }
      return counts;
    });
    expect(none).toEqual([0, 0, 0]);
  });
});
