import { expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { callbacksOf, useReceiver } from './receive-helpers.js';

describeOnPostgres('the same webhook again', (ctx) => {
  const { gateway, send, event, settled, rows } = useReceiver(ctx);
  const events = async (): Promise<string[]> =>
    (await ctx.db().query<{ id: string }>('SELECT id FROM hookline.events')).rows.map(({ id }) => id);

  it('fifty at once: one row, one event, one callback', async () => {
    const given = event({ customer_data: { user_id: await createUser(ctx.db()) } });
    const body = JSON.stringify(given);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(body)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 {"received":true}']));
    await settled();
    const [row, ...more] = await rows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      repeats: '49',
      differing_repeats: '0',
      callback_state: 'done',
      event_state: 'done',
    });
    expect(await events()).toEqual([row?.['event_id']]);
    expect(callbacksOf(gateway().requests, given)).toHaveLength(1);
  });

  it('one with another body: the first row stays, and the difference is counted', async () => {
    const given = event();
    await send(JSON.stringify(given));
    const other = await send(JSON.stringify({ ...given, ai_response: { data: { title: 'Another' } } }));
    expect([other.status, other.text]).toEqual([200, '{"received":true}']);
    await settled();
    expect(await rows()).toMatchObject([{ title: 'Inception', repeats: '1', differing_repeats: '1' }]);
    expect(callbacksOf(gateway().requests, given)).toHaveLength(1);
  });

  it('another event of the same channel is another row', async () => {
    const given = event();
    await send(JSON.stringify(given));
    await send(JSON.stringify({ ...given, event: 'video.failed' }));
    expect(await rows()).toHaveLength(2);
  });

  it('without a channel_id: the same body is the same webhook, another body another', async () => {
    const given = event({ channel_id: null });
    await send(JSON.stringify(given));
    await send(JSON.stringify(given));
    await send(JSON.stringify({ ...given, timestamp: 'later' }));
    expect(await rows()).toMatchObject([{ repeats: '1' }, { repeats: '0' }]);
  });

  it('takes up a callback whose sender died, without a drain', async () => {
    const given = event();
    gateway().answerWith(['destroy']);
    await send(JSON.stringify(given));
    await settled();
    expect(await rows()).toMatchObject([{ callback_state: 'pending', callback_attempts: '1' }]);
    gateway().answerWith([{}]);
    const before = callbacksOf(gateway().requests, given);
    await ctx.db().query("UPDATE ai_content SET callback_next_at = now() - interval '1 s'");
    await send(JSON.stringify(given));
    await settled();
    const [row] = await rows();
    expect(row).toMatchObject({ callback_state: 'done', callback_attempts: '2', repeats: '1' });
    const callbacks = callbacksOf(gateway().requests, given);
    expect(callbacks).toHaveLength(2);
    expect(callbacks[1]).toEqual(before[0]);
  });
});
