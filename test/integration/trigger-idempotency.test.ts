import { expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';

interface Triggered {
  readonly event_id: string;
  readonly is_duplicate: boolean;
  readonly matched: number;
  readonly deliveries: { id: string }[];
}

describeOnPostgres('an idempotency key', (ctx) => {
  const trigger = async (key: string, payload: string, userId: string): Promise<Triggered> => {
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<Triggered>("SELECT * FROM hookline.trigger_event('video.generated', $1::jsonb, $2::uuid, $3)", [
        payload,
        userId,
        key,
      ]),
    );
    const [row] = rows;
    if (row === undefined) throw new Error('trigger_event gave no row');
    return row;
  };

  it('used by many at once triggers once, and all get the first deliveries', async () => {
    const { userId } = await createWebhook(ctx.db(), 'https://example.com/hook');
    const answers = await Promise.all(Array.from({ length: 24 }, () => trigger('many', '{"n":1}', userId)));
    expect(answers.filter((answer) => !answer.is_duplicate)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.event_id)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.deliveries.map(({ id }) => id).join())).size).toBe(1);
    const { rows } = await ctx.db().query('SELECT id FROM webhook_deliveries WHERE user_id = $1::uuid', [userId]);
    expect(rows).toEqual(answers[0]?.deliveries.map(({ id }) => ({ id })));
  });

  it('with another payload or user is a conflict, and nothing is triggered', async () => {
    const { userId } = await createWebhook(ctx.db(), 'https://example.com/hook');
    await trigger('once', '{"n":1}', userId);
    await expect(trigger('once', '{"n":2}', userId)).rejects.toMatchObject({ code: 'HK009' });
    await expect(trigger('once', '{"n":1}', await createUser(ctx.db()))).rejects.toMatchObject({ code: 'HK009' });
    const { rows } = await ctx.db().query('SELECT id FROM webhook_deliveries WHERE user_id = $1::uuid', [userId]);
    expect(rows).toHaveLength(1);
  });

  it('is free again after a day', async () => {
    const { userId } = await createWebhook(ctx.db(), 'https://example.com/hook');
    const first = await trigger('daily', '{"n":1}', userId);
    const age = (hours: string) =>
      ctx
        .db()
        .query('UPDATE hookline.events SET created_at = now() - $1::interval WHERE id = $2::uuid', [
          hours,
          first.event_id,
        ]);
    await age('23 hours 59 minutes');
    expect(await trigger('daily', '{"n":1}', userId)).toMatchObject({ is_duplicate: true, event_id: first.event_id });
    await age('24 hours 1 minute');
    const next = await trigger('daily', '{"n":2}', userId);
    expect(next).toMatchObject({ is_duplicate: false, matched: 1 });
    expect(next.event_id).not.toBe(first.event_id);
  });
});
