import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import type { NewEvent } from '../../src/trigger/event.js';
import { gatheredTrigger } from '../../src/trigger/gather.js';
import { one } from '../conformance/spec-helpers.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';

const PUT = `INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting)
  SELECT gen_random_uuid(), gen_random_uuid(), $1::uuid, false, 2, now(), n % 3 = 0 FROM generate_series(1, $2::int) n`;

describeOnPostgres('the backlog of a user', (ctx) => {
  const unfinished = async (user: string): Promise<number> =>
    (
      await one<{ n: number }>(ctx.db(), 'SELECT count(*)::int AS n FROM hookline.queue WHERE user_id = $1::uuid', [
        user,
      ])
    ).n;

  const limit = fc.oneof(fc.integer({ min: 1, max: 12_000 }), fc.integer({ min: 12_500, max: 200_000 }));

  it('is counted exactly up to 1,000, and beyond estimated, however many others there are', async () => {
    await fc.assert(
      fc.asyncProperty(limit, fc.integer({ min: 1, max: 12_000 }), async (most, size) => {
        const user = await createUser(ctx.db());
        await ctx.db().query(PUT, [user, size]);
        await ctx.db().query(PUT, [await createUser(ctx.db()), 500]);
        await ctx.db().query('INSERT INTO hookline.user_limits VALUES ($1::uuid, $2::int)', [user, most]);
        const { n } = await one<{ n: number }>(ctx.db(), 'SELECT $2::int - hookline.room_of($1::uuid) AS n', [
          user,
          most,
        ]);
        if (most <= 1_000) {
          expect(Math.min(n, most)).toBe(Math.min(size, most));
          return;
        }
        // One in `each`: the standard deviation is √(each · size). Six of them are missed once in a billion.
        const each = most < 12_500 ? 16 : most < 100_000 ? 128 : 256;
        const slack = 6 * Math.sqrt(each * size) + each;
        expect(n).toBeGreaterThanOrEqual(Math.min(size - slack, most - each));
        expect(n).toBeLessThanOrEqual(Math.min(size + slack, most + 256));
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('stays within the limit but for what comes at the same time, whoever triggers how', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }),
        async (limit, webhooks, calls) => {
          await ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = $1::int', [limit]);
          const [user, other] = [await withWebhooks(ctx.db(), webhooks), await withWebhooks(ctx.db(), 1)];
          // As many statements as there are calls: each has a trigger of its own, which gathers nothing with the others.
          const outcomes = await Promise.all(
            calls.map((events) => gatheredTrigger(ctx.db())([...Array(events).fill(eventOf(user)), eventOf(other)])),
          );
          const made = outcomes.flat().filter(({ status }) => status === 'fulfilled').length;
          const ofOthers = Math.min(calls.length, limit);
          expect(made).toBeGreaterThanOrEqual(ofOthers);
          const left = await unfinished(user);
          const asked = calls.reduce((sum, events) => sum + events, 0) * webhooks;
          expect(left).toBeGreaterThanOrEqual(Math.min(asked, limit));
          // Each statement sees the room that was there when it began, and its last event may reach all webhooks.
          expect(left).toBeLessThanOrEqual(calls.length * (limit + webhooks - 1));
          const refused = outcomes.flat().filter(({ status }) => status === 'rejected');
          for (const one of refused) expect(one).toMatchObject({ reason: { code: 'backlog_full' } });
          // One after the other there is no overshoot.
          const [late] = await gatheredTrigger(ctx.db())([eventOf(user)]);
          expect(late?.status).toBe(left >= limit ? 'rejected' : 'fulfilled');
        },
      ),
      { numRuns: 10 },
    );
  }, 120_000);

  beforeAll(() => ctx.db().query('DELETE FROM hookline.queue'));
  afterAll(() => ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = DEFAULT'));
});

async function withWebhooks(db: Database, count: number): Promise<string> {
  const user = await createUser(db);
  for (let n = 0; n < count; n += 1) await createWebhook(db, `https://example.com/${n}`, {}, user);
  return user;
}

function eventOf(userId: string): NewEvent {
  return { type: 'video.generated', json: '{}', payload: {}, userId, externalUserId: null, idempotencyKey: null };
}
