import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Worker } from '../../src/deliver/worker.js';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';
import { HOSTILE } from './receivers.js';

/** Of what gives nothing else; what gives something may wait for the machine. */
const TIMEOUT_S = 4;
const LONG_TIMEOUT_S = 20;
/** From the claim to the row: scheduling and the write, on two busy cores. */
const GRACE_MS = 8_000;

/** One of each kind: they run beside the worker in this process, and what each gives alone is for answers.test.ts. */
const KINDS: ReadonlySet<string> = new Set([
  'drips the head a byte a second',
  'drips the body a byte a second',
  'never answers',
  'answers without end',
  'sends a gzip bomb',
  'sends huge headers',
  'sends headers named as members of an object',
  'answers in HTTP/0.9',
  'sends a chunk size that is none',
  'gives two different lengths',
  'floods with 102',
  'closes at once',
  'closes within the body',
  'closes its half before the head and reads on',
  'says less than it sends',
  'sends a second answer at once',
  'redirects to inside',
]);

/** `error_code` of an answer that counts (docs/reference/deliveries.md). */
const CODES: Readonly<Record<number, string | null>> = { 200: null, 204: null, 302: 'http_redirect' };

describeOnPostgres('deliveries to hostile receivers', (ctx) => {
  let worker: Worker;
  const servers: RawServer[] = [];
  beforeAll(async () => {
    worker = await startTestWorker(ctx.db());
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => worker.stop(5_000));

  it('are recorded with a stable error_code within their time-out, all at once, and hold up no other', async () => {
    const good = await startRawServer({ onRequest: (socket) => void socket.write(wellFormed('fine')) });
    servers.push(good);
    const bystander = await createWebhook(ctx.db(), `http://127.0.0.1:${good.port}/`);
    const hostile = await Promise.all(
      HOSTILE.filter(({ does }) => KINDS.has(does)).map(async ({ does, gives, at, answer }) => {
        const server = await startRawServer({
          onConnection(socket) {
            if (at !== 'connection') return false;
            answer(socket);
            return true;
          },
          onRequest: (socket) => answer(socket),
        });
        servers.push(server);
        const timeoutS = gives === 'timeout' ? TIMEOUT_S : LONG_TIMEOUT_S;
        const columns = { retry_enabled: false, timeout_seconds: timeoutS };
        const { userId } = await createWebhook(ctx.db(), `http://127.0.0.1:${server.port}/`, columns);
        return { does, gives, timeoutS, userId };
      }),
    );

    expect(hostile).toHaveLength(KINDS.size);
    const ids = await Promise.all(hostile.map(({ userId }) => trigger(ctx.db(), userId)));
    const [beside = ''] = await trigger(ctx.db(), bystander.userId);
    for (const [index, { does, gives, timeoutS }] of hostile.entries()) {
      const code = typeof gives === 'number' ? CODES[gives] : gives;
      const row = await deliveryWith(ctx.db(), ids[index]?.[0] ?? '', code === null ? 'success' : 'failed', 30_000);
      expect.soft(row.error_code, does).toBe(code);
      expect.soft(row.response_status, does).toBe(typeof gives === 'number' ? gives : null);
      expect.soft(Number(row['response_time_ms'] ?? 0), does).toBeLessThan(timeoutS * 1_000 + GRACE_MS);
      expect.soft(Buffer.byteLength(row.response_body ?? ''), does).toBeLessThanOrEqual(64 * 1024);
    }
    expect(await deliveryWith(ctx.db(), beside, 'success')).toMatchObject({ response_body: 'fine' });
  }, 120_000);
});
