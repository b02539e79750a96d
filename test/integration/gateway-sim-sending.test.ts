import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/dev/gateway-sim/changes.js';
import { startGatewaySim } from '../../src/dev/gateway-sim/gateway-sim.js';
import { callBack, closeAfterEach, SECRET, startPair, webhook } from './gateway-sim-helpers.js';

const hmac = (...parts: ReadonlyArray<string | Uint8Array>): string => {
  const sum = createHmac('sha256', SECRET);
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
};

/** modelriver.com/docs/webhooks: at once, 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h. */
const DOCUMENTED_S = [0, 5, 30, 120, 600, 1_800, 3_600, 7_200];

describe('the gateway simulator sends', () => {
  closeAfterEach();

  it('the raw bytes with mr-signature, mr-timestamp and mr-channel-id', async () => {
    const { sim, receiver } = await startPair();
    const body = Buffer.from(
      `{ "channel_id":"c-1",\r\n  "type":"task.completed", "n": 10.00, "s":"e\u0301 \\ud83d\\ude00 é" }\n`,
    );
    const before = Math.floor(Date.now() / 1000);
    expect(await sim.send(body).settled()).toBe('delivered');
    const [got] = receiver.requests;
    expect(got?.body.equals(body)).toBe(true);
    expect(got?.headers).toMatchObject({
      'content-type': 'application/json',
      'mr-signature': hmac(body),
      'mr-channel-id': 'c-1',
    });
    expect(got?.headers).not.toHaveProperty('x-modelriver-signature');
    const timestamp = Number(got?.headers['mr-timestamp']);
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('in the older scheme, a signature over timestamp and body, new for each attempt', async () => {
    const { sim, receiver } = await startPair({ timeScale: 0.3 }, [{ status: 500 }, {}]);
    await sim.send('{"a":1}', { scheme: 'legacy' }).settled();
    expect(receiver.requests).toHaveLength(2);
    for (const { headers, body } of receiver.requests) {
      const timestamp = String(headers['x-modelriver-timestamp']);
      expect(timestamp).toMatch(/^\d{10}$/);
      expect(headers['x-modelriver-signature']).toBe(hmac(timestamp, '.', body));
      expect(headers).not.toHaveProperty('mr-signature');
    }
    const [first, second] = receiver.requests.map(({ headers }) => headers['x-modelriver-timestamp']);
    expect(Number(second)).toBeGreaterThan(Number(first));
  });

  it('with another secret, timestamp or number of attempts when asked to', async () => {
    const { sim, receiver } = await startPair();
    await sim.send('{}', { secret: 'other' }).settled();
    await sim.send('{}', { scheme: 'legacy', timestamp: 1_700_000_000 }).settled();
    const [forged, old] = receiver.requests;
    expect(forged?.headers['mr-signature']).toBe(createHmac('sha256', 'other').update('{}').digest('hex'));
    expect(old?.headers).toMatchObject({
      'x-modelriver-timestamp': '1700000000',
      'x-modelriver-signature': hmac('1700000000.{}'),
    });
    receiver.answerWith([{ status: 401 }]);
    const once = sim.send('{}', { attempts: 1 });
    expect(await once.settled()).toBe('dead_lettered');
    expect(once.attempts).toHaveLength(1);
  });

  it('eight times on the documented schedule, then puts it to the dead letters', async () => {
    const timeScale = 0.0002;
    const changes: Change[] = [];
    const { sim, receiver } = await startPair({ timeScale, onChange: (change) => changes.push(change) }, [
      { status: 503 },
    ]);
    const request = sim.send(webhook(sim));
    expect(await request.settled()).toBe('dead_lettered');
    expect(sim.deadLetters).toEqual([request]);
    expect(request.attempts.map(({ number, status }) => [number, status])).toEqual(
      DOCUMENTED_S.map((_, index) => [index + 1, 503]),
    );
    const announced = changes.flatMap((change) => (change.kind === 'attempted' ? [change.againInMs] : []));
    expect(announced).toEqual([...DOCUMENTED_S.slice(1).map((s) => expect.closeTo(s * 1000 * timeScale)), null]);
    expect(changes.at(-1)).toMatchObject({ kind: 'dead_lettered', request });

    expect(receiver.requests).toHaveLength(8);
    expect(new Set(receiver.requests.map(({ body }) => body.toString())).size).toBe(1);
    const times = receiver.requests.map(({ at }) => at);
    for (const [index, seconds] of DOCUMENTED_S.entries()) {
      if (index === 0) continue;
      // Timers and Date.now() each round to a millisecond.
      expect(Number(times[index]) - Number(times[index - 1])).toBeGreaterThanOrEqual(seconds * 1000 * timeScale - 2);
    }
  });

  it.each([200, 201, 202, 204, 299])('and takes %i for a success', async (status) => {
    const { sim, receiver } = await startPair({}, [{ status }]);
    expect(await sim.send('{}').settled()).toBe('delivered');
    expect(receiver.requests).toHaveLength(1);
  });

  it('again after anything else: 3xx, 4xx, 5xx, a broken connection, a time-out', async () => {
    const elsewhere = await startPair();
    const { sim, receiver } = await startPair({ timeScale: 0.0001, answerWithinMs: 3_500 }, [
      { status: 302, headers: { location: elsewhere.receiver.url } },
      { status: 400 },
      { status: 500, body: 'x'.repeat(100_000) },
      'destroy',
      'hang',
      { neverEnd: true },
      // Of a long answer the beginning is enough.
      { neverEnd: true, body: 'x'.repeat(100_000) },
    ]);
    const request = sim.send('{}');
    expect(await request.settled()).toBe('delivered');
    expect(request.attempts.map(({ status, error }) => status ?? error)).toEqual([
      302,
      400,
      500,
      expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
      'timeout',
      'timeout',
      200,
    ]);
    expect(request.attempts[2]?.body).toHaveLength(65_536);
    expect(receiver.requests).toHaveLength(7);
    expect(elsewhere.receiver.requests).toEqual([]);
  });

  it('many at the same time: one that waits holds up nobody', async () => {
    const { sim, receiver } = await startPair({}, ({ body }) => (body.includes('slow') ? 'hang' : {}));
    const slow = sim.send('{"slow":true}');
    const quick = Array.from({ length: 50 }, (_, index) => sim.send({ index }));
    await Promise.all(quick.map((request) => request.settled()));
    expect(receiver.requests).toHaveLength(51);
    expect(slow.state).toBe('waiting');
    expect(sim.requests.map(({ number }) => number)).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
  });

  it('nothing more once it is closed, and whoever waits hears of it', async () => {
    const { sim, receiver } = await startPair({}, [{ status: 500 }]);
    const request = sim.send(webhook(sim));
    expect((await request.firstAttempt())?.status).toBe(500);
    const all = sim.settled();
    await sim.close();
    await sim.close();
    await all;
    expect(await request.settled()).toBe('waiting');
    expect(receiver.requests).toHaveLength(1);
    expect(() => sim.send('{}')).toThrow('closed');
    await expect(callBack(sim.callbackUrl('x'))).rejects.toThrow();
  });

  it('refuses a time scale that is none, and to send nowhere', async () => {
    for (const timeScale of [0, -1, Number.NaN, 1_000]) {
      await expect(startGatewaySim({ secret: 's', apiKey: 'k', timeScale })).rejects.toThrow(RangeError);
    }
    const sim = await startGatewaySim({ secret: 's', apiKey: 'k' });
    expect(() => sim.send('{}')).toThrow('Where to?');
    await sim.close();
  });
});
