import { createWebhookHandler, parseEvent } from '@hookline/receiver';
import { describe, expect, it } from 'vitest';
import { expectedOf, sha256 } from './store-faults-expected.js';
import { MAX_BODY_BYTES, type Meddled, mutatedRequests } from './store-faults-mutations.js';
import { requestOf } from './store-faults-requests.js';
import { useWorld } from './store-faults-world.js';

const REQUESTS = 10_000;
const AT_ONCE = 16;

describe('requests that somebody meddled with', () => {
  const world = useWorld();

  it('10,000 of them are answered as they should be, none with a 5xx, and store nothing that should not be there', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const requests = mutatedRequests(REQUESTS, seed, world.modelriver().url);
    const { emitter: _, ...options } = world.options();
    const handle = createWebhookHandler({ ...options, maxBodyBytes: MAX_BODY_BYTES, storeTimeoutMs: 9_000 });
    const wrong: unknown[] = [];
    const seen = new Map<number, number>();
    const keys = new Set<string>();
    const bodies = new Set<string>();

    async function send(request: Meddled): Promise<void> {
      const after: Promise<unknown>[] = [];
      const { status, key } = expectedOf(request);
      const answer = await handle(requestOf(request.body, request.headers), {
        waitUntil: (work) => void after.push(work),
      });
      await Promise.all(after);
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status !== status) {
        wrong.push({
          expected: status,
          got: answer.status,
          body: Buffer.from(request.body).toString('base64'),
          headers: request.headers,
        });
      }
      if (key !== null) {
        keys.add(key);
        bodies.add(sha256(parseEvent(new Uint8Array(request.body)).text));
      }
    }
    const queue = requests.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const request of queue) await send(request);
      }),
    );

    const told = `seed ${seed}`;
    expect(wrong.slice(0, 3), told).toEqual([]);
    const stored = await world.keys();
    expect(stored.map(({ key }) => key).sort(), told).toEqual([...keys].sort());
    expect(
      stored.filter(({ bodyHash }) => !bodies.has(bodyHash)),
      told,
    ).toEqual([]);
    // That each kind of answer came, and rows, shows that the requests are not all of one kind.
    for (const status of [200, 400, 401, 413])
      expect(seen.get(status) ?? 0, `${told}, status ${status}`).toBeGreaterThan(50);
    expect(stored.length, told).toBeGreaterThan(200);
  }, 180_000);
});
