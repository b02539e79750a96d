import { describe, expect, it } from 'vitest';
import type { FaultOptions } from '../../src/dev/planetscale-gateway/faults.js';
import { expectAgainPlease, expectedCallback, useWorld } from './store-faults-world.js';

const INSERT = /^INSERT/;
const FIRST_ROW = /^SELECT .* WHERE idempotency_key = '/;

/** PlanetScale or the way to it fails; the gateway sends again what was answered 5xx, as it does. */
describe('the receiver on a PlanetScale that fails', () => {
  const world = useWorld();

  it('stores, calls back and triggers once where nothing fails, however often the webhook comes', async () => {
    const events = world.hookline().requests.length;
    const body = world.webhook();
    for (let times = 0; times < 3; times++) expect((await world.send(body)).status).toBe(200);
    const row = await world.row();
    expect(row).toMatchObject({ repeats: '2', differing_repeats: '0', callback_state: 'done', event_state: 'done' });
    expect(world.callbacks()).toEqual([expectedCallback(row)]);
    expect(world.hookline().requests).toHaveLength(events + 1);
    await world.settle();
    expect(world.callbacks()).toHaveLength(1);
  });

  it('answers 503 when the answer is lost after the commit; sent again it is one row, one id, one callback', async () => {
    const body = world.webhook();
    const fault = world.gateway().faults.add({ kind: 'drop', match: INSERT });
    expectAgainPlease(await world.send(body));
    expect(fault.state().happened).toBe(1);
    const { id, callback_state: state } = await world.row();
    expect(state).toBe('pending');
    expect(world.callbacks()).toEqual([]);

    expect((await world.send(body)).status).toBe(200);
    expect(await world.row()).toMatchObject({ id, repeats: '1', callback_state: 'pending' });
    const { callbacks: drained, events } = await world.settle();
    expect([drained.done, events.done]).toEqual([1, 1]);
    const row = await world.row();
    expect(row).toMatchObject({ id, callback_state: 'done', event_state: 'done' });
    expect(world.callbacks()).toEqual([expectedCallback(row)]);
  });

  it('calls back even when the webhook is never sent again', async () => {
    world.gateway().faults.add({ kind: 'drop', match: INSERT });
    expectAgainPlease(await world.send(world.webhook()));
    await world.settle();
    expect(world.callbacks()).toEqual([expectedCallback(await world.row())]);
  });

  const refusals: [string, FaultOptions][] = [
    ['an HTML page of 502', { kind: 'html', status: 502 }],
    ['an HTML page of 503', { kind: 'html', status: 503 }],
    ['{} for an answer', { kind: 'empty' }],
    ['ResourceExhausted', { kind: 'error', code: 'ResourceExhausted' }],
    ['Unavailable', { kind: 'error', code: 'Unavailable' }],
    ['Aborted, again and again', { kind: 'error', code: 'Aborted', times: 100 }],
    ['a connection that breaks before the statement runs', { kind: 'drop', when: 'before' }],
  ];
  it.each(refusals)('answers 503 and stores nothing at %s, and all is well when it is sent again', async (_, fault) => {
    const body = world.webhook();
    world.gateway().faults.add({ match: INSERT, ...fault });
    expectAgainPlease(await world.send(body));
    expect(await world.rows()).toEqual([]);
    expect(world.lines().map(({ event }) => event)).toEqual(['webhook.not_stored']);
    world.gateway().faults.clear();
    expect((await world.send(body)).status).toBe(200);
    expect(world.callbacks()).toEqual([expectedCallback(await world.row())]);
  });

  const lostAfter: [string, FaultOptions][] = [
    ['an HTML page', { kind: 'html' }],
    ['{}', { kind: 'empty' }],
    ['Unavailable', { kind: 'error', code: 'Unavailable' }],
  ];
  it.each(lostAfter)('keeps the one row that was stored though the answer was %s', async (_, fault) => {
    const body = world.webhook();
    world.gateway().faults.add({ match: INSERT, when: 'after', ...fault });
    expectAgainPlease(await world.send(body));
    const { id } = await world.row();
    expect((await world.send(body)).status).toBe(200);
    await world.settle();
    const row = await world.row();
    expect(row['id']).toBe(id);
    expect(world.callbacks()).toEqual([expectedCallback(row)]);
  });

  const conflicts: [string, FaultOptions][] = [
    [
      'a deadlock',
      {
        kind: 'error',
        code: 'Aborted',
        description: 'Deadlock found when trying to get lock (errno 1213) (sqlstate 40001)',
      },
    ],
    [
      'a lock that is waited for in vain',
      { kind: 'error', code: 'Unavailable', description: 'Lock wait timeout exceeded (errno 1205) (sqlstate HY000)' },
    ],
    ['an aborted transaction', { kind: 'error', code: 'Aborted' }],
  ];
  it.each(conflicts)('tries again by itself at %s', async (_, fault) => {
    const { state } = world.gateway().faults.add({ match: INSERT, times: 2, ...fault });
    expect((await world.send(world.webhook())).status).toBe(200);
    expect(state().happened).toBe(2);
    const row = await world.row();
    expect(row).toMatchObject({ repeats: '0', callback_state: 'done' });
    expect(world.callbacks()).toEqual([expectedCallback(row)]);
  });

  it.each<FaultOptions>([{ kind: 'empty' }, { kind: 'html' }, { kind: 'error', code: 'Unavailable' }])(
    'takes no trouble at finding the first row for content that cannot be stored: %j',
    async (fault) => {
      const body = world.webhook();
      await world.send(body);
      world.gateway().faults.add({ match: FIRST_ROW, times: 10, ...fault });
      expectAgainPlease(await world.send(body));
      expect(world.callbacks()).toHaveLength(1);
    },
  );

  it('tells the gateway of what the database can never hold, and acknowledges it', async () => {
    // MariaDB's check of JSON goes 32 deep.
    const deep = JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`);
    expect((await world.send(world.webhook({ customer_data: { deep } }))).status).toBe(200);
    expect(world.callbacks()).toEqual([
      { error: 'processing_failed', message: 'The database cannot hold the content.' },
    ]);
    expect(await world.rows()).toEqual([]);
  });

  it('is one row, one id and one callback when fifty come at once and answers are lost', async () => {
    const body = world.webhook();
    const { state } = world.gateway().faults.add({ kind: 'drop', match: INSERT, times: 20 });
    const patient = { storeTimeoutMs: 9_000 };
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.send(body, patient)));
    expect(state().happened).toBe(20);
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
    world.gateway().faults.clear();
    const again = await Promise.all(Array.from({ length: 20 }, () => world.send(body, patient)));
    expect(again.map(({ status }) => status)).toEqual(Array(20).fill(200));
    await world.settle();
    const row = await world.row();
    expect(row).toMatchObject({ repeats: '69', differing_repeats: '0', callback_state: 'done', event_state: 'done' });
    expect(world.callbacks()).toEqual([expectedCallback(row)]);
    const { callbacks: more } = await world.settle();
    expect(more).toMatchObject({ done: 0, pending: 0, expired: 0 });
  });
});
