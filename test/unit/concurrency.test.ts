import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { adaptConcurrency } from '../../src/deliver/concurrency.js';
import { Lanes } from '../../src/deliver/lanes.js';
import type { Claimed } from '../../src/deliver/stages.js';
import { waitUntil } from '../harness/wait-until.js';
import { deliveries } from './claimed-deliveries.js';

const MOST = 200;

describe('calls in flight', () => {
  it('are fewer while they wait for this process, and as many as may be when they wait for their endpoints', async () => {
    const calls: Claimed[] = [];
    const lanes = new Lanes(MOST, { perWebhook: 1_000, perUser: 1_000 }, (delivery) => calls.push(delivery));
    lanes.add(deliveries('a', 5_000));
    expect(lanes.inFlight).toBe(MOST);
    const stop = adaptConcurrency(lanes, MOST);
    try {
      // Each turn of the event loop is full of work, and ends some calls. It pauses nowhere: on a busy machine a pause lasts as long as others let it.
      for (let turns = 0; lanes.inFlight >= MOST / 2; turns += 1) {
        expect(turns, `${lanes.inFlight} in flight`).toBeLessThan(200);
        const until = performance.now() + 100;
        while (performance.now() < until);
        for (const call of calls.splice(0, 8)) lanes.done(call);
        await turn();
      }
      expect(lanes.inFlight).toBeGreaterThanOrEqual(48);
      await waitUntil(() => lanes.inFlight === MOST, {
        message: () => `${lanes.inFlight} in flight again`,
        timeoutMs: 20_000,
      });
    } finally {
      stop();
    }
  });

  it('are no more than may be, however long there is time', async () => {
    const lanes = new Lanes(3, { perWebhook: 1_000, perUser: 1_000 }, () => undefined);
    lanes.add(deliveries('a', 500));
    const stop = adaptConcurrency(lanes, 3);
    await sleep(300);
    stop();
    expect(lanes.inFlight).toBe(3);
  });
});
