import { type DeliveryStreamItem, HooklineApiError } from '@hookline/client';
import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { attemptIn, createDue } from '../../src/cli/remote/live/listen/due.js';
import { createLane } from '../../src/cli/remote/live/listen/lane.js';
import { patiently } from '../../src/cli/remote/live/listen/patiently.js';
import { createTargetAgent } from '../../src/cli/remote/live/listen/target.js';
import { HooklineError } from '../../src/errors.js';

describe('a lane', () => {
  it('begins work in order, never more at once than it may, and keeps whoever gives too much waiting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
        async (atOnce, mostWaiting, turns) => {
          const lane = createLane(atOnce, mostWaiting);
          const begun: number[] = [];
          let [open, mostOpen, given] = [0, 0, 0];
          for (const [at, count] of turns.entries()) {
            await lane.give(async () => {
              begun.push(at);
              open += 1;
              mostOpen = Math.max(mostOpen, open);
              for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
              open -= 1;
            });
            given += 1;
            expect(given - begun.length).toBeLessThanOrEqual(mostWaiting);
          }
          await lane.done();
          expect(begun).toEqual(turns.map((_, at) => at));
          expect(mostOpen).toBeLessThanOrEqual(atOnce);
          expect(open).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});

type Change = Extract<DeliveryStreamItem, { delivery: unknown }>;

function change(kind: Change['kind'], delivery: Partial<Change['delivery']>, changed_at = '2026-01-01T00:00:01Z') {
  const whole = { id: 'd', attempt_number: 1, attempted_at: '2026-01-01T00:00:00Z', next_retry_at: null, ...delivery };
  return { kind, id: '1', changed_at, delivery: whole as Change['delivery'] };
}

describe('what is due', () => {
  it('is an attempt that has just been made, and nothing else that becomes of a delivery', () => {
    for (const kind of ['succeeded', 'failed', 'retrying', 'attempted'] as const) {
      expect(attemptIn(change(kind, {}))).toMatchObject({ id: 'd' });
    }
    expect(attemptIn(change('created', {}))).toBeUndefined();
    expect(attemptIn({ kind: 'gap', id: '1' })).toBeUndefined();
    expect(attemptIn(change('failed', { attempt_number: 0, attempted_at: null }))).toBeUndefined();
    expect(attemptIn(change('retrying', {}, '2026-01-02T00:00:00Z'))).toBeUndefined();
  });

  it('is no attempt twice, and later ones of what was accepted only when every attempt is wanted', () => {
    const attempt = (attempt_number: number) => change('attempted', { attempt_number }).delivery;
    const due = createDue(false);
    expect([due.take(attempt(1)), due.take(attempt(1)), due.take(attempt(2)), due.take(attempt(1))]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    due.accepted(attempt(2));
    expect(due.take(attempt(3))).toBe(false);
    const every = createDue(true);
    expect(every.take(attempt(1))).toBe(true);
    every.accepted(attempt(1));
    expect([every.take(attempt(1)), every.take(attempt(2))]).toEqual([false, true]);
  });
});

describe('patience', () => {
  const refusal = (status: number) =>
    new HooklineApiError({ error: {}, response: new Response(null, { status, headers: { 'retry-after': '0' } }) });

  it('waits for a server that is away or overloaded, and for nothing else', async () => {
    const errors = [refusal(503), refusal(429), refusal(500)];
    const done = await patiently(new AbortController().signal, async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'done';
    });
    expect([done, errors]).toEqual(['done', []]);
    for (const error of [refusal(401), refusal(404), new HooklineError('invalid_config')]) {
      await expect(patiently(new AbortController().signal, () => Promise.reject(error))).rejects.toBe(error);
    }
  });

  it('ends when it is stopped', async () => {
    const stopping = new AbortController();
    const waiting = patiently(stopping.signal, () => Promise.reject(new HooklineError('server_unreachable')));
    stopping.abort('stopped');
    await expect(waiting).rejects.toBeDefined();
  });
});

describe('the connections of listen', () => {
  it.each([['198.41.0.4'], ['127.0.0.1', '198.41.0.4'], ['192.168.0.1'], []])(
    'go to no name that leads elsewhere than to this machine when they are made: %j',
    async (...addresses) => {
      const agent = createTargetAgent(false, (_host, _options, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        ),
      );
      await expect(request('http://of-this-machine.test:1/', { dispatcher: agent })).rejects.toMatchObject({
        code: 'address_forbidden',
      });
      await agent.destroy();
    },
  );
});
