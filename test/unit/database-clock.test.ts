import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DatabaseClock } from '../../src/deliver/database-clock.js';

/** The database's clock is ahead of this machine's by as much. */
const AHEAD_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const databaseNow = () => Date.now() + AHEAD_MS;

/** Asks the database: so long until it looks at its clock, and so long until its answer is read. */
function ask(clock: DatabaseClock, untilLookedMs: number, untilReadMs: number): void {
  const asked = performance.now();
  vi.advanceTimersByTime(untilLookedMs);
  const nowMs = databaseNow();
  vi.advanceTimersByTime(untilReadMs);
  clock.set(nowMs, asked);
}

it('is the database’s, however wrong this machine’s is', () => {
  const clock = new DatabaseClock();
  ask(clock, 1, 0);
  expect(clock.now()).toBeCloseTo(databaseNow(), 3);
});

it('does not go back by as long as this process stood still before it read an answer', () => {
  const clock = new DatabaseClock();
  ask(clock, 1, 0);
  ask(clock, 1, 3_000);
  expect(clock.now()).toBeCloseTo(databaseNow(), 3);
});

it('is never ahead, nor further behind than the quickest answer was on its way', () => {
  const wait = fc.integer({ min: 0, max: 5_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(wait, wait), { minLength: 1 }), (answers) => {
      const clock = new DatabaseClock();
      for (const [untilLooked, untilRead] of answers) ask(clock, untilLooked, untilRead);
      const behind = databaseNow() - clock.now();
      expect(behind).toBeGreaterThan(-0.001);
      expect(behind).toBeLessThan(Math.min(...answers.map(([looked, read]) => looked + read)) + 0.001);
    }),
  );
});

it.each([60_000, -60_000])('follows a clock that was set by %i ms', (byMs) => {
  const clock = new DatabaseClock();
  ask(clock, 1, 1);
  const [asked, nowMs] = [performance.now(), databaseNow() + byMs];
  clock.set(nowMs, asked);
  expect(clock.now()).toBeCloseTo(nowMs, 3);
});
