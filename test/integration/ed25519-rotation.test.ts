import { expect, it } from 'vitest';
import { openTestDatabase } from '../harness/databases.js';
import { createWebhook, startTestWorker, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { serveApi } from './api-client.js';
import { asymmetricOf, publishedNow, rotateKeys, verifiedBy } from './ed25519-helpers.js';

const EVENTS = 240;
const ROTATIONS = 6;
/** Events before the first rotation, and after each. */
const SHARE = EVENTS / (ROTATIONS + 2);

// Two workers, so that neither has its keys from the other's claims.
it('a rotation under load: every delivery verifies with the key set of its moment', async () => {
  const database = await openTestDatabase('postgres');
  const { db } = database;
  const { app, url } = await serveApi(db);
  const seen: Promise<{ signatures: number; known: number; kids: (string | undefined)[] }>[] = [];
  const receiver = await startReceiver((request) => {
    const check = publishedNow(db).then((known) => {
      const kids = verifiedBy(request, known).filter((kid) => kid !== undefined);
      return { signatures: asymmetricOf(request).length, known: known.keys.length, kids };
    });
    seen.push(check);
    return {};
  });
  const workers = [await startTestWorker(db), await startTestWorker(db)];
  try {
    const webhook = await createWebhook(db, receiver.url, { sign_asymmetric: true });
    let triggered = 0;
    // However long a rotation takes, there is something left for its key to sign.
    let mayBeTriggered = SHARE;
    const load = async () => {
      while (triggered < EVENTS) {
        await waitUntil(() => triggered < mayBeTriggered, { message: 'a rotation', timeoutMs: 30_000 });
        triggered += 1;
        await trigger(db, webhook.userId, { n: triggered });
      }
    };
    const rotate = async () => {
      for (let n = 1; n <= ROTATIONS; n += 1) {
        await waitUntil(() => receiver.requests.length >= (n - 0.5) * SHARE, { message: 'the load' });
        // In turn at once, and with an overlap that ends meanwhile.
        const { status } = await rotateKeys(url, { overlap_seconds: n % 2 });
        expect(status).toBe(200);
        mayBeTriggered = n < ROTATIONS ? (n + 1) * SHARE : EVENTS;
      }
    };
    await Promise.all([load(), load(), rotate()]);
    await receiver.waitFor(EVENTS, 30_000);
    const checks = await Promise.all(seen);
    expect(checks.filter(({ kids }) => kids.length === 0)).toEqual([]);
    expect(new Set(checks.flatMap(({ kids }) => kids)).size).toBe(ROTATIONS + 1);
    expect(checks.some(({ signatures }) => signatures > 1)).toBe(true);
    // None was refused for its key, which would have brought it a second time.
    expect(receiver.requests).toHaveLength(EVENTS);
  } finally {
    for (const worker of workers) await worker.stop(2_000);
    await app.close();
    await receiver.close();
    await database.drop();
  }
}, 60_000);
