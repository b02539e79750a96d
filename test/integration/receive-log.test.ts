import { expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { API_KEY, SECRET, useReceiver } from './receive-helpers.js';

describeOnPostgres('the log of a received webhook', (ctx) => {
  const { gateway, send, event, settled, rows, logged } = useReceiver(ctx);
  const receive = async (changes: Record<string, unknown>) => {
    expect((await send(JSON.stringify(event(changes)))).status).toBe(200);
    await settled();
    return (await rows())[0];
  };

  it('says which event was triggered', async () => {
    const row = await receive({ customer_data: { user_id: await createUser(ctx.db()) } });
    expect(logged('webhook.event', row?.['id'])).toEqual([
      expect.objectContaining({
        level: 'info',
        event_state: 'done',
        event_id: row?.['event_id'],
        event_error: null,
      }),
    ]);
  });

  it('says why none was', async () => {
    const row = await receive({ customer_data: {} });
    expect(logged('webhook.event', row?.['id'])).toEqual([
      expect.objectContaining({ level: 'info', event_state: 'skipped', event_id: null, event_error: 'user_unknown' }),
    ]);
  });

  it('warns of an event that failed', async () => {
    const row = await receive({
      ai_response: { data: { text: 'x'.repeat(300_000) } },
      customer_data: { user_id: await createUser(ctx.db()) },
    });
    expect(row?.['event_state']).toBe('failed');
    expect(logged('webhook.event', row?.['id'])).toEqual([
      expect.objectContaining({ level: 'warn', event_state: 'failed', event_error: expect.stringMatching(/^HK004: /) }),
    ]);
  });

  it('tells a repeat apart, which makes no event and claims no callback', async () => {
    const body = JSON.stringify(event());
    await send(body);
    await send(body);
    await settled();
    const id = (await rows())[0]?.['id'];
    const [first, repeat] = logged('webhook.stored', id);
    expect(first).toMatchObject({ level: 'info', repeat: false, callback: 'pending' });
    expect(repeat).toMatchObject({ level: 'info', repeat: true });
    expect(repeat).not.toHaveProperty('callback');
    expect(logged('webhook.event', id)).toHaveLength(1);
  });

  it('warns of a callback origin that is not allowed, without path and query', async () => {
    const callback_url = 'https://user:hidden-1@elsewhere.example:8443/hidden-2?token=hidden-3';
    const row = await receive({ callback_url });
    const [line] = logged('webhook.stored', row?.['id']);
    const callback_origin = 'https://elsewhere.example:8443';
    expect(line).toMatchObject({ level: 'warn', callback: 'refused', callback_origin });
    await receive({ callback_url, customer_data: { note: 'a\0b' } });
    expect(logged('callback.failure_reported').at(-1)).toMatchObject({ level: 'warn', callback_origin });
    expect(JSON.stringify([...logged('webhook.stored'), ...logged('callback.failure_reported')])).not.toContain(
      'hidden',
    );
  });

  it('is kept free of keys; the callback says who sends it', async () => {
    await receive({});
    expect(gateway().requests.at(-1)?.headers['user-agent']).toBe('Hookline');
    const text = JSON.stringify(['webhook.stored', 'callback.attempted'].flatMap((message) => logged(message)));
    for (const secret of [SECRET, API_KEY]) expect(text).not.toContain(secret);
  });
});
