import { setTimeout as sleep } from 'node:timers/promises';
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
      // Each turn of the event loop is full of work, and ends some calls.
      await waitUntil(
        () => {
          const until = performance.now() + 100;
          while (performance.now() < until);
          for (const call of calls.splice(0, 8)) lanes.done(call);
          return lanes.inFlight < MOST / 2;
        },
        { message: () => `${lanes.inFlight} in flight`, timeoutMs: 20_000, intervalMs: 0 },
      );
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
