import { expect, it } from 'vitest';
import { addHistory, type Batches, newWebhook } from '../../bench/history.js';
import { buffersOf } from '../../bench/plan.js';
import { asUser } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';

describeOnPostgres('what get_webhook_statistics touches', (ctx) => {
  const webhookWith = async (batches: Batches) => {
    const webhook = await newWebhook(ctx.db());
    await addHistory(ctx.db(), webhook.id, batches);
    return { ...webhook, deliveries: batches.deliveries };
  };

  const buffersOfStatistics = ({ id, user, deliveries }: Awaited<ReturnType<typeof webhookWith>>) =>
    asUser(ctx.db(), { sub: user, role: 'authenticated' }, async (tx) => {
      const text = `SELECT * FROM get_webhook_statistics('${id}', 30)`;
      // The first time the session reads the catalogue too.
      for (let run = 0; run < 2; run += 1) {
        const { rows } = await tx.query<{ total: number }>(
          `SELECT total_deliveries::int AS total FROM (${text}) s`,
          [],
        );
        expect(rows).toEqual([{ total: deliveries }]);
      }
      return buffersOf(tx, text);
    });

  it('does not grow with the history: at most half as much again from 1,000 deliveries to 50,000', async () => {
    const few = await webhookWith({ deliveries: 1_000, batch: 50 });
    const many = await webhookWith({ deliveries: 50_000, batch: 500 });
    // Unpacked, the versions of a webhook's 240 rows lie on 12 pages or on 20, by when they were vacuumed.
    await ctx.db().query('VACUUM (FULL, ANALYZE) hookline.statistics_daily', []);
    const small = await buffersOfStatistics(few);
    const large = await buffersOfStatistics(many);
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThanOrEqual(1.5 * small);
  }, 120_000);
});
