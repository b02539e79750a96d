import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { startWorker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { Feed } from '../../src/live/feed.js';
import { startExpiryLoop } from '../../src/maintain/expire.js';
import { startFollowUpLoop } from '../../src/maintain/follow-ups.js';
import { startReplayLoop } from '../../src/maintain/replay/replay.js';
import { startSealingLoop } from '../../src/maintain/seal-secrets.js';
import { startVerificationLoop } from '../../src/maintain/verification/verification.js';
import { openReceiverStore } from '../../src/receive/receiver-store.js';
import { keyringOf } from '../../src/secrets/keyring.js';
import { Sealer } from '../../src/secrets/sealer.js';
import { captureLog } from '../harness/captured-log.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { startTcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { newKey } from '../integration/secrets-helpers.js';

/** Every loop has failed more than once by then: they try again after 5 s at most. */
const AWAY_MS = 12_000;

it('a database that is away is two lines of the log, however many loops notice', async () => {
  const database = await newPostgresDatabase();
  const proxy = await startTcpProxy(database.url);
  const db = openPostgres({ connectionString: proxy.through(database.url) });
  const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
  const receiver = await startReceiver([{ delayMs: 500 }]);
  const { log, lines, all } = captureLog();
  const keyring = keyringOf(newKey('k1'));
  const worker = await startWorker({ db, log, dispatcher, keyring });
  const verification = startVerificationLoop({ db, log, dispatcher, keyring });
  const { store, emitter } = openReceiverStore(db, log, { receiverUrl: undefined, planetscale: undefined });
  const sealer = new Sealer({ db, keyring, log });
  const loops = [
    startReplayLoop({ db, log }),
    startExpiryLoop({ db, log, intervalMs: 1_000 }),
    startFollowUpLoop({ receiver: { store, emitter }, db, log, dispatcher, apiKey: undefined, callbackOrigins: [] }),
    startSealingLoop({ sealer, db, log, intervalMs: 1_000 }),
  ];
  const feed = new Feed({ db, log });
  try {
    const { userId } = await createWebhook(db, receiver.url);
    const following = new AbortController();
    await feed.follow({ as: 'user', userId }, { signal: following.signal });
    // Their results come while the database is away.
    const ids = await trigger(db, userId);
    await receiver.waitFor(1);
    await proxy.refuse();
    await sleep(AWAY_MS);
    expect(lines('database.away')).toHaveLength(1);
    await proxy.pass();
    await deliveryWith(db, ids[0] ?? '', 'success', 30_000);
    await waitUntil(() => lines('database.back').length > 0, { message: 'the line that it is back' });
    following.abort();
    const troubled = all().filter(({ level, msg }) => level !== 'info' || msg === 'database.back');
    expect(troubled.map(({ msg }) => msg)).toEqual(['database.away', 'database.back']);
    expect(lines('database.back')[0]).toMatchObject({ for_s: expect.any(Number), failures: expect.any(Number) });
    expect(Number(lines('database.back')[0]?.['failures'])).toBeGreaterThan(10);
  } finally {
    await feed.close();
    await Promise.all([worker.stop(5_000), verification.stop(5_000), ...loops.map((loop) => loop.stop())]);
    await dispatcher.destroy();
    await receiver.close();
    await db.close();
    await proxy.close();
    await database.drop();
  }
}, 90_000);
