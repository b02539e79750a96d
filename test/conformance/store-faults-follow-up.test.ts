import { createWebhookHandler } from '@hookline/receiver';
import { describe, expect, it } from 'vitest';
import { requestOf, sign } from './store-faults-requests.js';
import { expectAgainPlease, expectedCallback, useWorld } from './store-faults-world.js';

const INSERT = /^INSERT/;
const FIRST_ROW = /^SELECT .* WHERE idempotency_key = '/;
const FINISH_CALLBACK = /^UPDATE ai_content SET callback_state/;

describe('the receiver on a PlanetScale that is slow, or fails once the row is there', () => {
  const world = useWorld();

  it.each([INSERT, FIRST_ROW])('answers 503 within 10 s when PlanetScale hangs at %s', async (match) => {
    const body = world.webhook();
    if (match === FIRST_ROW) await world.send(body);
    const { state } = world.gateway().faults.add({ kind: 'hang', match });
    const begun = performance.now();
    expectAgainPlease(await world.send(body));
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(state().happened).toBe(1);
    expect((await world.send(body)).status).toBe(200);
    await world.row();
  });

  it('answers within 10 s when the callback hangs and PlanetScale does at its record, and calls back later', async () => {
    world.modelriver().answerWith(['hang', {}]);
    world.gateway().faults.add({ kind: 'hang', match: /^UPDATE ai_content SET callback_(error|state)/ });
    const begun = performance.now();
    expect((await world.send(world.webhook(), { callbackTimeoutMs: 500 })).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(world.lines().filter(({ event }) => event === 'callback.not_recorded')).toHaveLength(1);
    await world.settle();
    const row = await world.row();
    expect(row).toMatchObject({ callback_state: 'done', callback_attempts: '2' });
    expect(world.callbacks()).toEqual([expectedCallback(row), expectedCallback(row)]);
  });

  it('answers within 10 s without waitUntil, when PlanetScale is slow and the callback hangs', async () => {
    world.modelriver().answerWith(['hang', {}]);
    world.gateway().faults.add({ kind: 'slow', ms: 1_500, match: INSERT });
    const body = world.webhook();
    const handle = createWebhookHandler(world.options({ callbackTimeoutMs: 60_000 }));
    const begun = performance.now();
    expect((await handle(requestOf(body, { 'mr-signature': sign(body) }))).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await world.row()).toMatchObject({ callback_state: 'pending' });
  });

  it('calls back again, with the same ids, when the record of it did not reach the row', async () => {
    world.gateway().faults.add({ kind: 'drop', when: 'before', match: FINISH_CALLBACK });
    expect((await world.send(world.webhook())).status).toBe(200);
    expect(await world.row()).toMatchObject({ callback_state: 'pending' });
    await world.settle();
    const row = await world.row();
    expect(row).toMatchObject({ callback_state: 'done', callback_attempts: '2' });
    expect(world.callbacks()).toEqual([expectedCallback(row), expectedCallback(row)]);
  });

  it('does not call back again when only the answer to the record was lost', async () => {
    world.gateway().faults.add({ kind: 'drop', when: 'after', match: FINISH_CALLBACK });
    expect((await world.send(world.webhook())).status).toBe(200);
    await world.settle();
    const row = await world.row();
    expect(row).toMatchObject({ callback_state: 'done', callback_attempts: '1' });
    expect(world.callbacks()).toEqual([expectedCallback(row)]);
  });
});
