import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { startFollowUpLoop } from '../../src/maintain/follow-ups.js';
import { databaseEmitter } from '../../src/receive/emit.js';
import { ownStore } from '../../src/receive/own-store.js';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, silent, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { useReceiver } from './receive-helpers.js';

describeOnPostgres('the event of an AI webhook whose user has a full backlog', (ctx) => {
  const { send, event, settled, rows } = useReceiver(ctx);
  beforeAll(() => ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = 1'));
  const dispatcher = createGuardedAgent({ allowNetworks: [] });
  afterAll(() => dispatcher.destroy());

  it('is held, and triggered when there is room', async () => {
    const { userId } = await createWebhook(ctx.db(), 'https://example.com/hook');
    await trigger(ctx.db(), userId);
    const given = event({ customer_data: { user_id: userId } });
    expect((await send(JSON.stringify(given))).status).toBe(200);
    await settled();
    expect((await rows())[0]).toMatchObject({
      ...{ event_state: 'pending', event_error: 'backlog_full', event_id: null, callback_state: 'done' },
    });

    const lateEmitter = databaseEmitter(ctx.db());
    const loop = startFollowUpLoop({
      receiver: { store: ownStore(ctx.db(), silent), emitter: undefined, lateEmitter },
      ...{ db: ctx.db(), log: silent, dispatcher, callbackOrigins: [], apiKey: undefined, intervalMs: 20 },
    });
    try {
      const due = () => ctx.db().query("UPDATE ai_content SET event_next_at = now() WHERE event_state = 'pending'");
      const tried = (attempts: number) =>
        waitUntil(
          async () => {
            await due();
            const [row] = await rows();
            return Number(row?.['event_attempts']) >= attempts || row?.['event_state'] === 'done' ? row : undefined;
          },
          { message: () => 'the event to be tried', timeoutMs: 15_000 },
        );
      expect(await tried(2)).toMatchObject({ event_state: 'pending', event_error: 'backlog_full' });
      await ctx.db().query("UPDATE webhook_deliveries SET status = 'success'");
      expect(await tried(1_000)).toMatchObject({ event_state: 'done', event_error: null });
    } finally {
      await loop.stop();
    }
    const { rows: events } = await ctx
      .db()
      .query<{ payload: string }>(
        "SELECT payload::text AS payload FROM hookline.events WHERE idempotency_key LIKE 'ai\\_content\\_%'",
      );
    expect(events.map(({ payload }) => JSON.parse(payload))).toEqual([
      { title: 'Inception', year: 2010, id: (await rows())[0]?.['id'], channel_id: given['channel_id'] },
    ]);
  });
});
