import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoppedWebhooks } from '../../src/deliver/stopped-webhooks.js';

const [ONE, OTHER] = ['one', 'other'];

describe('a webhook that an answer has stopped', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());
  const leased = (webhookId: string) => ({ webhookId, leasedAt: performance.now() });

  it('is stopped until each of its answers is recorded; others are not', () => {
    const stopped = new StoppedWebhooks();
    stopped.stop(ONE);
    stopped.stop(ONE);
    stopped.recorded(ONE);
    expect([stopped.has(leased(ONE)), stopped.has(leased(OTHER)), stopped.ids]).toEqual([true, false, [ONE]]);
    stopped.recorded(ONE);
    expect([stopped.has(leased(ONE)), stopped.ids]).toEqual([false, []]);
  });

  it('stays so for what a claim leased that was asked for before the database knew, and came later', () => {
    const stopped = new StoppedWebhooks();
    stopped.stop(ONE);
    const late = [leased(ONE), leased(OTHER)];
    vi.advanceTimersByTime(50);
    stopped.recorded(ONE);
    stopped.isKnown(ONE);
    vi.advanceTimersByTime(200);
    expect(late.map((delivery) => stopped.has(delivery))).toEqual([true, false]);
    expect(stopped.has(leased(ONE))).toBe(false);
  });

  it('is forgotten when all that was leased before has ended', () => {
    const stopped = new StoppedWebhooks();
    const old = leased(ONE);
    vi.advanceTimersByTime(1);
    stopped.isKnown(ONE);
    vi.advanceTimersByTime(2 * 3_600_000);
    stopped.isKnown(OTHER);
    expect(stopped.has(old)).toBe(false);
  });
});
