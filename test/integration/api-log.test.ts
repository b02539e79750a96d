import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { type CapturedLog, captureLog } from '../harness/captured-log.js';
import { openTestDatabase } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { callRpc, postEvent, SERVICE_KEY, serveApi } from './api-client.js';

describe('the log of requests', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let served: Awaited<ReturnType<typeof serveApi>>;
  const captured: CapturedLog = captureLog();
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    served = await serveApi(database.db, { log: captured.log });
  });
  afterAll(async () => {
    await served.app.close();
    await database.drop();
  });

  let asked = 0;
  /** The line of a request: its answer may arrive before it is written. */
  async function lineOf(call: (headers: Record<string, string>) => Promise<unknown>): Promise<Record<string, unknown>> {
    const id = `request-${asked++}`;
    await call({ 'x-request-id': id });
    const find = () => captured.lines('request.completed').find((line) => line['request_id'] === id);
    await waitUntil(() => find() !== undefined, { message: 'the line of the request' });
    return find() ?? {};
  }

  it('names the problem', async () => {
    const line = await lineOf((headers) => postEvent(served.url, '{', headers));
    expect(line).toMatchObject({ method: 'POST', path: '/v1/events', status: 400, code: 'invalid_json' });
  });

  it('names none where there was none', async () => {
    expect(await lineOf((headers) => fetch(`${served.url}/openapi.json`, { headers }))).not.toHaveProperty('code');
  });

  it('has no line at info for probes and scrapes that get what they ask for, and one for those that do not', async () => {
    const fine: unknown[] = [];
    for (const path of ['/healthz', '/readyz']) {
      // A check that takes two seconds has failed.
      const isFine = async () => {
        const { status, headers } = await fetch(`${served.url}${path}`);
        if (status === 200) fine.push(headers.get('x-request-id'));
        return status === 200;
      };
      await waitUntil(isFine, { message: `${path} to be fine` });
    }
    const refused = await lineOf((headers) => fetch(`${served.url}/metrics`, { headers }));
    expect(refused).toMatchObject({ level: 'info', path: '/metrics', status: 404 });
    expect(fine).toEqual([expect.any(String), expect.any(String)]);
    expect(captured.lines('request.completed').filter((line) => fine.includes(line['request_id']))).toEqual([]);
  });

  it('holds a URL that cannot be decoded, which has its request id, too', async () => {
    let answered: string | null = null;
    const line = await lineOf(async (headers) => {
      answered = (await fetch(`${served.url}/%%zz?token=hidden`, { headers })).headers.get('x-request-id');
    });
    expect(line).toMatchObject({ path: '/%%zz', status: 400, code: 'invalid_request', ms: expect.any(Number) });
    expect(answered).toBe(line['request_id']);
  });

  it('cuts a long path', async () => {
    const line = await lineOf((headers) => fetch(`${served.url}/${'x'.repeat(5_000)}`, { headers }));
    expect(String(line['path'])).toHaveLength(200);
  });

  it('holds what an event came to, not its payload', async () => {
    const body = '{"type":"video.generated","broadcast":true,"payload":{"name":"hidden"}}';
    const first = await postEvent(served.url, body, { 'idempotency-key': 'logged' });
    await postEvent(served.url, body, { 'idempotency-key': 'logged' });
    const event = { event_id: first.body['event_id'], type: 'video.generated', deliveries: 0 };
    const lines = captured.lines('event.accepted');
    expect(lines).toMatchObject([
      { ...event, duplicate: false },
      { ...event, duplicate: true },
    ]);
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it('tells once for all requests that the database is away, and each what it was refused with', async () => {
    const log = captureLog();
    const db = openPostgres({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const away = await serveApi(db, { log: log.log });
    const event = '{"type":"video.generated","broadcast":true,"payload":{}}';
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, n) =>
        n % 2 === 0
          ? (await postEvent(away.url, n % 4 === 0 ? event : `{"events":[${event},${event}]}`)).status
          : (await callRpc(away.url, 'get_pending_webhook_retries', {}, { bearer: SERVICE_KEY })).status,
      ),
    );
    const later = performance.now() + 60_000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
    const session = await fetch(`${away.url}/v1/session`, { headers: { authorization: `Bearer ${SERVICE_KEY}` } });
    clock.mockRestore();
    await away.app.close();
    await db.close();
    expect(session.status).toBe(200);
    expect(log.lines('database.back')).toEqual([]);
    expect(answers).toEqual(Array.from({ length: 10 }, () => 503));
    expect(log.lines('request.completed')).toHaveLength(11);
    expect(log.lines('database.away')).toHaveLength(1);
    expect(log.all().filter(({ msg, level }) => level === 'error' || msg === 'events.accepted')).toEqual([]);
  });
});
