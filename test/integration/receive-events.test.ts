import { expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { type Row, sign, useReceiver } from './receive-helpers.js';

describeOnPostgres('from a stored row to its event', (ctx) => {
  const { gateway, send, event, settled, rows } = useReceiver(ctx);
  const events = async (): Promise<Row[]> => {
    const sql =
      'SELECT id::text AS id, event_type, user_id::text AS user_id, payload::text AS payload FROM hookline.events';
    return (await ctx.db().query<Row>(sql)).rows;
  };
  const store = async (changes: Record<string, unknown>): Promise<Row | undefined> => {
    expect((await send(JSON.stringify(event(changes)))).status).toBe(200);
    await settled();
    return (await rows())[0];
  };

  it('the payload is the data with id and channel_id, never customer_data, and goes to the user alone', async () => {
    const user = await createUser(ctx.db());
    const row = await store({
      ai_response: { data: { title: 'T', id: 'theirs', channel_id: 'theirs', user_id: 'of the data' } },
      customer_data: { user_id: user, secret_note: 'internal' },
    });
    const [triggered, ...more] = await events();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ event_state: 'done', event_id: triggered?.['id'], event_error: null });
    expect(triggered).toMatchObject({ event_type: 'video.generated', user_id: user });
    expect(JSON.parse(triggered?.['payload'] ?? '')).toEqual({
      title: 'T',
      id: row?.['id'],
      channel_id: row?.['channel_id'],
      user_id: 'of the data',
    });
  });

  it('the event tells which request the webhook came with, and its trace', async () => {
    const body = JSON.stringify(event({ customer_data: { user_id: await createUser(ctx.db()) } }));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await send(body, { 'mr-signature': sign(body), 'x-request-id': 'gateway-1', traceparent });
    expect(answer.headers.get('x-request-id')).toBe('gateway-1');
    const { rows: stored } = await ctx.db().query('SELECT request_id, traceparent FROM hookline.events', []);
    expect(stored).toEqual([{ request_id: 'gateway-1', traceparent }]);
  });

  it('numbers reach the event exactly', async () => {
    const given = event({ ai_response: { data: { n: 'N' } }, customer_data: { user_id: await createUser(ctx.db()) } });
    await send(JSON.stringify(given).replace('"N"', '12345678901234567890.123'));
    expect((await events())[0]?.['payload']).toContain('12345678901234567890.123');
  });

  it.each([
    ['no user', {}],
    ['an unknown user', { user_id: '00000000-0000-4000-8000-000000000000' }],
    ['a user_id that is no UUID', { user_id: 'user_456' }],
    ['a user_id that is no text', { user_id: { id: 1 } }],
  ])('%s: stored and called back, not triggered', async (_, customer_data) => {
    expect(await store({ customer_data })).toMatchObject({
      user_id: null,
      event_state: 'skipped',
      event_error: 'user_unknown',
      event_id: null,
      callback_state: 'done',
    });
    expect(await events()).toEqual([]);
  });

  it('a type that is not registered, or none: stored, not triggered', async () => {
    const customer_data = { user_id: await createUser(ctx.db()) };
    for (const name of ['new_movie_suggestion', '', null]) {
      await ctx.db().query('DELETE FROM ai_content');
      expect(await store({ event: name, customer_data })).toMatchObject({
        event_state: 'skipped',
        event_error: 'event_type_not_registered',
      });
    }
    expect(await events()).toEqual([]);
  });

  it('a disabled type: stored, not triggered', async () => {
    const customer_data = { user_id: await createUser(ctx.db()) };
    await ctx.db().query("UPDATE webhook_events SET is_enabled = false WHERE event_type = 'video.failed'");
    expect(await store({ event: 'video.failed', customer_data })).toMatchObject({
      event_state: 'skipped',
      event_error: 'event_type_disabled',
    });
  });

  it('a payload of more than 256 KiB: stored and called back, the trigger failed, with the reason', async () => {
    const data = { text: 'x'.repeat(262_144) };
    const row = await store({ ai_response: { data }, customer_data: { user_id: await createUser(ctx.db()) } });
    expect(row).toMatchObject({ event_state: 'failed', event_id: null, callback_state: 'done' });
    expect(row?.['event_error']).toMatch(/^HK004: the payload has \d+ bytes; 262144 are allowed$/);
    expect(JSON.parse(gateway().requests.at(-1)?.body.toString() ?? '').data.text).toHaveLength(262_144);
    expect(await events()).toEqual([]);
  });

  it('emitting again gives the first event', async () => {
    const row = await store({ customer_data: { user_id: await createUser(ctx.db()) } });
    const sql =
      'SELECT event_state, event_id::text AS event_id FROM hookline.emit_stored_event($1::text::bigint, $2::text::jsonb)';
    const again = await ctx.db().query(sql, [row?.['id'] ?? null, '{"other":1}']);
    expect(again.rows).toEqual([{ event_state: 'done', event_id: row?.['event_id'] }]);
    expect((await ctx.db().query(sql, ['-1', '{}'])).rows).toEqual([]);
    expect(await events()).toHaveLength(1);
  });
});
