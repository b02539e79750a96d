import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';

describeOnEachDatabase('webhook_delivery_attempts', (ctx) => {
  const COLUMNS =
    'delivery_id, webhook_id, user_id, event_type, attempt_number, is_latest, is_late, response_status, response_body, error_code';

  it('holds every attempt of a delivery, the latest and those before it, each as it was', async () => {
    const receiver = await startReceiver([
      { status: 500, body: 'no' },
      { status: 503, body: 'later' },
      { status: 200, body: 'ok' },
    ]);
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const worker = await startTestWorker(ctx.db());
    try {
      const [id] = await trigger(ctx.db(), webhook.userId);
      await deliveryWith(ctx.db(), String(id), 'success');
      const { rows } = await asUserId(ctx.db(), webhook.userId, (tx) =>
        tx.query<Record<string, unknown>>(
          `SELECT ${COLUMNS}, request_headers ->> 'X-Webhook-Attempt' AS sent_as, request_signature, attempted_at
           FROM webhook_delivery_attempts WHERE delivery_id = $1::uuid ORDER BY attempt_number`,
          [String(id)],
        ),
      );
      expect(
        rows.map((row) => [
          row['attempt_number'],
          row['is_latest'],
          row['response_status'],
          row['response_body'],
          row['error_code'],
          row['sent_as'],
        ]),
      ).toEqual([
        [1, false, 500, 'no', 'http_server_error', '1'],
        [2, false, 503, 'later', 'http_server_error', '2'],
        [3, true, 200, 'ok', null, '3'],
      ]);
      for (const row of rows) {
        expect(row).toMatchObject({
          delivery_id: id,
          webhook_id: webhook.id,
          user_id: webhook.userId,
          event_type: 'video.generated',
          is_late: false,
        });
        expect(row['request_signature']).toMatch(/^sha256=/);
        expect(row['attempted_at']).toBeInstanceOf(Date);
      }
    } finally {
      await worker.stop(5_000);
      await receiver.close();
    }
  });

  it('shows a user their own and nobody else, the service everything, anon nothing', async () => {
    const mine = await attempted();
    const theirs = await attempted();
    const stranger = await createUser(ctx.db());
    const seen = async (userId: string): Promise<unknown[]> =>
      (
        await asUserId(ctx.db(), userId, (tx) =>
          tx.query<{ id: string }>('SELECT delivery_id AS id FROM webhook_delivery_attempts'),
        )
      ).rows.map(({ id }) => id);
    expect(await seen(mine.userId)).toEqual([mine.delivery]);
    expect(await seen(stranger)).toEqual([]);
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ id: string }>('SELECT delivery_id AS id FROM webhook_delivery_attempts'),
    );
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining([mine.delivery, theirs.delivery]));
    const asAnon = ctx.db().transaction(async (tx) => {
      await tx.query("SELECT set_config('role', 'anon', true)");
      return tx.query('SELECT FROM webhook_delivery_attempts');
    });
    await expect(asAnon).rejects.toMatchObject({ code: '42501' });
  });

  it("keeps a caller's own function away from rows that are not theirs", async () => {
    await attempted();
    const stranger = await createUser(ctx.db());
    const looked = asUserId(ctx.db(), stranger, async (tx) => {
      // It costs next to nothing, so that the planner would run it first, and tells what it saw by failing.
      await tx.query(`CREATE FUNCTION pg_temp.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
        BEGIN RAISE EXCEPTION 'saw %', $1; END $$`);
      return tx.query('SELECT FROM webhook_delivery_attempts WHERE pg_temp.peek(request_url)');
    });
    expect((await looked).rowCount).toBe(0);
  });

  it("costs a stranger as little for another's busy webhook as for none", async () => {
    const { userId } = await createWebhook(ctx.db(), 'https://example.com/busy');
    const stranger = await createUser(ctx.db());
    // Among the webhooks of others, as in real use.
    await ctx.db().query(
      `WITH hook AS (
         INSERT INTO webhooks (user_id, name, url) SELECT $1::uuid, 'w', 'https://example.com' FROM generate_series(1, 20) RETURNING id
       ), placed AS (SELECT id, row_number() OVER () AS place FROM hook)
       INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, created_at)
       SELECT p.id, 'video.generated', '{}', 'success', 1, now() - n * interval '1 s'
       FROM generate_series(1, 10000) n JOIN placed p ON p.place = CASE WHEN n % 2 = 0 THEN 1 ELSE 2 + n / 2 % 19 END`,
      [userId],
    );
    await ctx.db().query('ANALYZE webhook_deliveries');
    const { rows } = await ctx
      .db()
      .query<{ id: string }>(
        'SELECT webhook_id AS id FROM webhook_deliveries GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
      );
    for (const relation of ['webhook_deliveries', 'webhook_delivery_attempts']) {
      const buffers = async (id: string): Promise<number> => {
        const query = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM ${relation} WHERE webhook_id = '${id}'`;
        const { rows: plan } = await asUserId(ctx.db(), stranger, (tx) =>
          tx.query<{ 'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }] }>(query),
        );
        const top = plan[0]?.['QUERY PLAN'][0].Plan;
        return (top?.['Shared Hit Blocks'] ?? 0) + (top?.['Shared Read Blocks'] ?? 0);
      };
      await buffers(randomUUID());
      const none = await buffers(randomUUID());
      expect(await buffers(rows[0]?.id ?? ''), relation).toBeLessThanOrEqual(none + 10);
    }
  });

  async function attempted(): Promise<{ userId: string; delivery: string | undefined }> {
    const { userId } = await createWebhook(ctx.db(), 'https://example.com/hook');
    const [delivery] = await trigger(ctx.db(), userId);
    await asService(ctx.db(), (tx) =>
      tx.query("UPDATE webhook_deliveries SET status = 'failed', attempt_number = 1 WHERE id = $1::uuid", [
        String(delivery),
      ]),
    );
    return { userId, delivery };
  }
});
