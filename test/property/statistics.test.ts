import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { makeHook, one, rowOf, rows } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { History } from './statistics-history.js';
import { type Hour, hoursOf, type Statistics, statisticsOf } from './statistics-model.js';
import { step, TYPES, ZONES } from './statistics-steps.js';

const DAYS = [1, 2, 7, 30, 366, 3660];
const STATISTICS = `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today, s.total_deliveries, s.successful_deliveries,
  s.failed_deliveries, s.success_rate::text, s.avg_response_time_ms::text, s.deliveries_by_day, s.deliveries_by_event_type
FROM get_webhook_statistics($1::uuid, $2::int) s`;

// Hours are kept 35 days. Those in which nothing that still holds has ended may be there, empty.
const HOURS = `SELECT to_char(s.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS hour, s.event_type, s.successful, s.failed, s.responses,
  s.response_time_ms, s.latency
FROM hookline.statistics_hourly s
WHERE s.webhook_id = $1::uuid AND s.hour >= $2::timestamptz
  AND (s.successful, s.failed, s.responses, s.response_time_ms, s.latency) IS DISTINCT FROM (0, 0, 0, 0, array_fill(0::bigint, ARRAY[12]))
ORDER BY s.hour, s.event_type COLLATE "C"`;
const HOURS_KEPT_MS = 34 * 86_400_000;

async function begin(db: Database): Promise<History> {
  const user = await createUser(db);
  const hooks = [
    await makeHook(db, user, { types: TYPES, maxRetries: 2 }),
    await makeHook(db, user, { types: [...TYPES.slice(0, 1), 'webhook.disabled'], retryEnabled: false }),
  ];
  return new History(
    db,
    user,
    hooks.map((hook) => hook.id),
  );
}

/** Compares both roll-ups and the counters of each webhook with the deliveries that there are and that there were. */
async function compare(history: History, zone: string): Promise<number> {
  const all = [...history.gone, ...(await history.scan())];
  for (const hook of history.hooks) {
    const its = all.filter((delivery) => delivery.webhook_id === hook);
    for (const days of DAYS) {
      const { today, ...answer } = await asUserId(history.db, history.user, async (tx) => {
        await tx.query(`SET LOCAL TimeZone = '${zone}'`);
        return one<Statistics & { today: string }>(tx, STATISTICS, [hook, days]);
      });
      expect(answer, `${days} days`).toEqual(statisticsOf(its, today, days));
    }
    const first = new Date(Date.now() - HOURS_KEPT_MS).toISOString();
    expect(await rows<Hour>(history.db, HOURS, [hook, first])).toEqual(hoursOf(its, first));
    const ended = statisticsOf(its, '9999-12-31', 3_650_000);
    expect(await rowOf(history.db, 'webhooks', hook)).toMatchObject({
      total_deliveries: ended.total_deliveries,
      successful_deliveries: ended.successful_deliveries,
      failed_deliveries: ended.failed_deliveries,
    });
  }
  return all.length;
}

describeOnPostgres('statistics, hours and counters over random histories', (ctx) => {
  it('equal a count of the deliveries, retention or not', async () => {
    const seen = { deliveries: 0, gone: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
        fc.constantFrom(...ZONES),
        async (steps, zone) => {
          const history = await begin(ctx.db());
          try {
            for (const next of steps) {
              await history.take(next);
              if (next.does === 'delete' || next.does === 'remove expired') await compare(history, zone);
            }
            seen.deliveries += await compare(history, zone);
            seen.gone += history.gone.length;
          } finally {
            await asService(ctx.db(), (tx) =>
              tx.query('DELETE FROM webhooks WHERE user_id = $1::uuid', [history.user]),
            );
          }
        },
      ),
      // A slow machine runs fewer.
      { numRuns: 30, interruptAfterTimeLimit: 60_000 },
    );
    expect(Math.min(seen.deliveries / 10, seen.gone)).toBeGreaterThan(10);
  }, 180_000);
});
