import { expect, it } from 'vitest';
import { addHistory, newWebhook } from '../../bench/history.js';
import { buffersOf } from '../../bench/plan.js';
import { asUser } from '../../src/db/roles.js';
import { describeOnEachDatabase } from '../harness/databases.js';

describeOnEachDatabase('what get_webhook_statistics touches', (ctx) => {
  const buffersAfter = async (deliveries: number, batch: number) => {
    const { id, user } = await newWebhook(ctx.db());
    await addHistory(ctx.db(), id, { deliveries, batch });
    return asUser(ctx.db(), { sub: user, role: 'authenticated' }, async (tx) => {
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
  };

  it('does not grow with the history: at most half as much again from 1,000 deliveries to 50,000', async () => {
    // Batches small enough that rows of the roll-up are updated at both sizes: freshly written pages are fuller than any later.
    const small = await buffersAfter(1_000, 50);
    const large = await buffersAfter(50_000, 500);
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThanOrEqual(1.5 * small);
  }, 120_000);
});
