import { afterEach, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { putMany } from './replay-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';

describeOnPostgres('what a bulk replay reads', (ctx) => {
  afterEach(async () => {
    await ctx.db().query('DELETE FROM webhooks');
  });

  /** Shared buffers of one statement, which is carried out. */
  async function buffers(sql: string): Promise<number> {
    const { rows } = await ctx
      .db()
      .query<{ 'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
      );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    return (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
  }

  it('to count failures is the failures, however many successes stand among them', async () => {
    const count = async (successes: number): Promise<number> => {
      const webhook = await createWebhook(ctx.db(), URL);
      await putMany(ctx.db(), webhook, 'success', successes);
      await putMany(ctx.db(), webhook, 'failed', 20, "now() - interval '1 hour' + n * interval '1 second'");
      const call = `SELECT * FROM count_webhook_replay('${webhook.id}', '-infinity')`;
      await buffers(call);
      return buffers(call);
    };
    const few = await count(20);
    expect(await count(5_000)).toBeLessThanOrEqual(few * 1.5);
  });

  it('in a step is no more in a long history than in a short one, nor at its end, also when all of it is of one moment', async () => {
    const walk = async (deliveries: number, from: number): Promise<number> => {
      const { id, userId } = await createWebhook(ctx.db(), URL);
      await putMany(ctx.db(), { id }, 'success', deliveries, "now() - interval '1 hour'");
      await ctx.db().query('VACUUM ANALYZE webhook_deliveries');
      const { rows } = await ctx
        .db()
        .query<{ at: string; after: string }>(
          `SELECT created_at::text AS at, id AS after FROM webhook_deliveries WHERE webhook_id = $1::uuid ORDER BY created_at, id OFFSET $2::int LIMIT 1`,
          [id, from],
        );
      const { at, after } = rows[0] ?? {};
      const step = `SELECT * FROM hookline.deliveries_to_replay('${userId}', '${id}', 'all', '${at}', '${after}', now(), 100)`;
      await buffers(step);
      return buffers(step);
    };
    const short = await walk(500, 0);
    expect(await walk(5_000, 0)).toBeLessThanOrEqual(short * 1.5);
    expect(await walk(5_000, 4_500)).toBeLessThanOrEqual(short * 1.5);
  });
});
