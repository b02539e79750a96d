import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { areCapsCounted, type Backlog, backlog, claimable, type Hook, mostOf, mostOfUser } from './claim-model.js';

const LEASE = `SELECT delivery_id AS id, queue_position::int AS position
FROM hookline.lease_due($1::uuid, $2::int, $3::int, 1000000000, false, '1 minute', $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::bigint[])`;
const TIMES = { no: null, past: '-1 minute', future: '1 minute' };
const BREAKERS = { closed: null, held: '1 minute', probing: '-1 second' };

class RolledBack extends Error {}

interface Made {
  readonly id: string;
  readonly userId: string;
  /** The deliveries, in order of creation. */
  readonly rows: readonly string[];
}

async function make(tx: Queryable, all: Backlog): Promise<Made[]> {
  const users = [await createUser(tx), await createUser(tx), await createUser(tx)];
  await tx.query(
    'UPDATE hookline.settings SET verification = $1, calls_per_webhook = $2::int, calls_per_user = $3::int',
    [all.mustVerify ? 'required' : 'on_request', all.perWebhook, all.perUser],
  );
  for (const share of all.workers) {
    await tx.query(
      "INSERT INTO hookline.workers (id, name, calls_per_webhook, calls_per_user) VALUES (gen_random_uuid(), 'test', $1::int, $2::int)",
      [share?.perWebhook ?? null, share?.perUser ?? null],
    );
  }
  const made: Made[] = [];
  for (const hook of all.hooks) made.push(await makeHook(tx, hook, users[hook.user] ?? ''));
  return made;
}

async function makeHook(tx: Queryable, hook: Hook, userId: string): Promise<Made> {
  const id = randomUUID();
  await tx.query(
    `INSERT INTO webhooks (id, user_id, name, url, is_active, is_verified, paused_until, breaker_since, breaker_until, is_ordered, ordering_key_path,
       rate_limit_per_second, rate_limit_burst)
     VALUES ($1::uuid, $2::uuid, 'test', 'https://a.example', $3, $4, now() + $5::interval, CASE WHEN $6::text IS NOT NULL THEN now() END,
       now() + $6::text::interval, $7, CASE WHEN $7 THEN '/key' END, $8::int, 9)`,
    [
      id,
      userId,
      hook.isActive,
      hook.isVerified,
      TIMES[hook.paused],
      BREAKERS[hook.breaker],
      hook.isOrdered,
      hook.tokens === null ? null : 1,
    ],
  );
  if (hook.tokens !== null) {
    await tx.query('INSERT INTO hookline.rate_buckets VALUES ($1::uuid, $2::float8, now())', [id, hook.tokens]);
  }
  const rows = hook.rows.map(() => randomUUID());
  // What is ordered always counts.
  const isAhead = hook.isAhead && !hook.isOrdered;
  await tx.query(
    `INSERT INTO webhook_deliveries (id, webhook_id, user_id, event_type, request_url, request_payload, max_attempts)
     SELECT r.id, $2::uuid, $3::uuid, 'video.generated', 'https://a.example', jsonb_build_object('key', r.key), 4
     FROM unnest($1::uuid[], $4::text[]) WITH ORDINALITY r (id, key, nth) ORDER BY r.nth`,
    [rows, id, userId, hook.rows.map(({ key }) => key)],
  );
  await tx.query(
    `UPDATE hookline.queue q SET is_waiting = s.state IN ('due', 'waiting'), is_retry = s.state IN ('due', 'waiting'),
       due_at = now() + CASE s.state WHEN 'due' THEN '-1 second' WHEN 'waiting' THEN '1 minute' ELSE '0' END::interval,
       lease_ends_at = now() + interval '1 minute', is_counted = s.state = 'leased' AND NOT $3,
       lease_id = CASE s.state WHEN 'leased' THEN q.webhook_id END, lease_worker = CASE s.state WHEN 'leased' THEN q.webhook_id END
     FROM unnest($1::uuid[], $2::text[]) s (id, state) WHERE q.delivery_id = s.id`,
    [rows, hook.rows.map(({ state }) => state), isAhead],
  );
  await tx.query(
    `INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
     SELECT lease_id, lease_worker, lease_ends_at, NOT $2, array_agg(delivery_id) FROM hookline.queue WHERE lease_id = $1::uuid GROUP BY 1, 2, 3`,
    [id, isAhead],
  );
  return { id, userId, rows };
}

/** One claim; `hooks` are those of which the worker says how far it has got. Gives the deliveries. */
async function claimFrom(
  tx: Queryable,
  all: Backlog,
  made: readonly Made[],
  hooks: readonly Hook[],
): Promise<string[]> {
  const known = hooks.flatMap(({ known: at, isOrdered }, nth) => {
    const hook = made[nth];
    const row = at === null || isOrdered ? undefined : hook?.rows[Math.min(at, hook.rows.length - 1)];
    return hook === undefined || row === undefined ? [] : [{ ...hook, row }];
  });
  const positions = await tx.query<{ id: string; position: number }>(
    'SELECT delivery_id AS id, position::int AS position FROM hookline.queue WHERE delivery_id = ANY ($1::uuid[])',
    [known.map(({ row }) => row)],
  );
  // Filled in an hour, so that time adds nothing, however slow the machine.
  await tx.query("UPDATE hookline.rate_buckets SET filled_at = now() + interval '1 hour'");
  const at = new Map(positions.rows.map(({ id, position }) => [id, position]));
  const { rows } = await tx.query<{ id: string }>(LEASE, [
    randomUUID(),
    all.limit,
    all.room,
    made.filter((_, nth) => all.hooks[nth]?.isExcluded).map(({ id }) => id),
    made.filter((_, nth) => all.hooks[nth]?.user === all.excludedUser).map(({ userId }) => userId),
    known.map(({ userId }) => userId),
    known.map(({ id }) => id),
    known.map(({ row }) => at.get(row) ?? 0),
  ]);
  return rows.map(({ id }) => id);
}

/** What one claim gave is what it may give: of each webhook the first, within its bounds, and something if there is anything. */
function expectAllowed(all: Backlog, made: readonly Made[], claimed: readonly string[]): void {
  const ids = new Set(claimed);
  expect(ids.size, 'each once').toBe(claimed.length);
  expect(claimed.length).toBeLessThanOrEqual(all.limit);
  let known = 0;
  for (const [nth, hook] of all.hooks.entries()) {
    const told = `webhook ${nth} ${JSON.stringify(hook)}`;
    const rows = made[nth]?.rows ?? [];
    const got = [...rows.keys()].filter((at) => ids.has(rows[at] ?? ''));
    const may = claimable(hook, all);
    known += got.length;
    if (hook.isOrdered) expect(may, told).toEqual(expect.arrayContaining(got));
    else expect(got, told).toEqual(may.slice(0, got.length));
    expect(got.length, told).toBeLessThanOrEqual(Math.min(all.room, mostOf(hook, all)));
  }
  expect(known, 'nothing else').toBe(claimed.length);
}

/** What claims gave until nothing came is all that they may give: nobody's room was left to who cannot use it. */
function expectWhole(all: Backlog, made: readonly Made[], claimed: readonly string[]): void {
  const ids = new Set(claimed);
  expect(ids.size, 'each once').toBe(claimed.length);
  const users = new Map<number, { got: number; most: number }>();
  for (const [nth, hook] of all.hooks.entries()) {
    const got = (made[nth]?.rows ?? []).filter((row) => ids.has(row)).length;
    const most = mostOf(hook, all);
    const sums = users.get(hook.user) ?? { got: 0, most: 0 };
    users.set(hook.user, { got: sums.got + got, most: sums.most + most });
    if (areCapsCounted(all)) expect(got, `webhook ${nth}`).toBeLessThanOrEqual(most);
    else expect(got, `webhook ${nth}`).toBe(most);
  }
  for (const [user, { got, most }] of users) {
    expect(got, `user ${user}`).toBe(Math.min(most, mostOfUser(user, all)));
  }
}

describeOnPostgres('claims from random backlogs', (ctx) => {
  it('gives what it may, in order, within every bound, and one after the other give all of it', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(backlog, async (all) => {
        const run = ctx.db().transaction(async (tx) => {
          const made = await make(tx, all);
          const claimed = await claimFrom(tx, all, made, all.hooks);
          expectAllowed(all, made, claimed);
          for (let more = ['']; more.length > 0; claimed.push(...more)) more = await claimFrom(tx, all, made, []);
          expectWhole(all, made, claimed);
          seen += claimed.length;
          throw new RolledBack();
        });
        await run.catch((reason: unknown) => {
          if (!(reason instanceof RolledBack)) throw reason;
        });
      }),
      // A slow machine runs fewer.
      { numRuns: 300, interruptAfterTimeLimit: 15_000 },
    );
    expect(seen).toBeGreaterThan(100);
  }, 120_000);
});
