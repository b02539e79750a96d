import { parseEvent, toRecord } from '@hookline/receiver';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ownStore } from '../../src/receive/own-store.js';
import { describeOnPostgres } from '../harness/databases.js';
import { callbacksOf, useReceiver } from './receive-helpers.js';

describeOnPostgres('callbacks', (ctx) => {
  const { gateway, send, event, settled, rows, drainUntil } = useReceiver(ctx);
  const stateIs = (state: string) => async (): Promise<boolean> => (await rows())[0]?.['callback_state'] === state;
  const makeDue = () => ctx.db().query("UPDATE ai_content SET callback_next_at = now() - interval '1 s'");

  it('to an origin that is not allowed is refused, noted on the row and never sent', async () => {
    for (const callback_url of [
      'https://evil.example/x',
      'http://169.254.169.254/',
      'not a url',
      `${gateway().url.replace('://', '://user:pw@')}`,
    ]) {
      expect((await send(JSON.stringify(event({ callback_url })))).text).toBe('{"received":true}');
    }
    await settled();
    const stored = await rows();
    expect(stored).toHaveLength(4);
    for (const row of stored) {
      expect(row).toMatchObject({
        callback_state: 'refused',
        callback_error: 'origin_not_allowed',
        callback_attempts: '0',
      });
    }
    expect(gateway().requests).toEqual([]);
  });

  it('that fail are retried by the drain, with the same ids, until they are in', async () => {
    gateway().answerWith([{ status: 500 }, 'destroy', {}]);
    const given = event();
    await send(JSON.stringify(given));
    await settled();
    expect(await rows()).toMatchObject([
      { callback_state: 'pending', callback_attempts: '1', callback_error: 'http_500', callback_lease: null },
    ]);
    await makeDue();
    // Where nobody looks for so long, the third one is made, too.
    await drainUntil(async () => Number((await rows())[0]?.['callback_attempts']) >= 2);
    await makeDue();
    await drainUntil(stateIs('done'));
    expect(await rows()).toMatchObject([{ callback_attempts: '3', callback_error: null }]);
    const [first, ...again] = callbacksOf(gateway().requests, given);
    expect(again).toEqual([first, first]);
  });

  it('back off: the next attempt is due in 1.6 to 2.4 s, later when Retry-After says so', async () => {
    const clock = async (): Promise<string> =>
      (await ctx.db().query<{ now: string }>('SELECT now()::text AS now')).rows[0]?.now ?? '';
    /** In how many seconds after a moment. */
    const dueAfter = async (moment: string): Promise<number> => {
      const sql =
        'SELECT extract(epoch FROM callback_next_at - $1::timestamptz)::float8 AS seconds FROM ai_content ORDER BY id DESC LIMIT 1';
      return (await ctx.db().query<{ seconds: number }>(sql, [moment])).rows[0]?.seconds ?? Number.NaN;
    };
    gateway().answerWith([{ status: 500 }, { status: 429, headers: { 'retry-after': '60' } }]);
    const before = await clock();
    await send(JSON.stringify(event()));
    await settled();
    expect(await dueAfter(await clock())).toBeLessThanOrEqual(2.4);
    expect(await dueAfter(before)).toBeGreaterThanOrEqual(1.6);
    await send(JSON.stringify(event()));
    await settled();
    expect(await dueAfter(before)).toBeGreaterThan(50);
  });

  it('that the gateway refuses for good are not sent again', async () => {
    gateway().answerWith([{ status: 404 }]);
    await send(JSON.stringify(event()));
    await settled();
    expect(await rows()).toMatchObject([{ callback_state: 'failed', callback_error: 'http_404' }]);
  });

  it('expire after five minutes', async () => {
    gateway().answerWith([{ status: 503, headers: { 'retry-after': '600' } }]);
    await send(JSON.stringify(event()));
    await settled();
    expect(await rows()).toMatchObject([{ callback_state: 'expired', callback_error: 'http_503' }]);

    await ctx.db().query('DELETE FROM ai_content');
    gateway().answerWith([{ status: 500 }]);
    await send(JSON.stringify(event()));
    await settled();
    await ctx
      .db()
      .query("UPDATE ai_content SET callback_expires_at = now(), callback_next_at = now() + interval '1 h'");
    const before = gateway().requests.length;
    await drainUntil(stateIs('expired'));
    expect(gateway().requests).toHaveLength(before);
  });

  it('of a process that died between insert and callback are sent by the drain, once its lease is over', async () => {
    const given = event({ ai_response: { data: { title: 'Kept', n: 1 } } });
    const store = ownStore(ctx.db(), pino({ level: 'silent' }));
    const parsed = parseEvent(new TextEncoder().encode(JSON.stringify(given)));
    const stored = await store.insert({
      ...toRecord(parsed),
      columns: {},
      event: parsed,
      idempotencyKey: '1'.repeat(64),
      callbackUrl: String(given['callback_url']),
      callback: { lease: { token: 'of a dead process', ms: 60_000 } },
    });
    expect(await store.claim('callback', { lease: { token: 'too early', ms: 1_000 }, limit: 1 })).toEqual([]);
    await ctx.db().query('UPDATE ai_content SET callback_lease_until = now()');
    await drainUntil(stateIs('done'));
    expect(callbacksOf(gateway().requests, given)).toMatchObject([
      { data: { title: 'Kept', n: 1, id: stored.id, saved_at: stored.savedAt } },
    ]);
  });
});
