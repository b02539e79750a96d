import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import type { RunningHookline } from '../../src/main.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, silent, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { freePort } from '../harness/services/free-port.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY } from './api-client.js';
import { sign, userClaims } from './api-tokens.js';
import { scrape, startWatched } from './metrics-helpers.js';

const STATUSES = [200, 204, 302, 400, 410, 429, 500, 599];

describe('metrics', () => {
  let own: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let hookline: RunningHookline;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    own = await newPostgresDatabase();
    receiver = await startReceiver(({ url }) => ({ status: Number(url.slice(1)) }));
    hookline = await startWatched(own.url, { api: true, worker: true });
  });
  afterAll(async () => {
    await hookline.stop();
    await receiver.close();
    await own.drop();
  });

  it('count attempts by outcome and error code, as they stand on the deliveries, and how long they took', async () => {
    const { db } = hookline;
    const port = await freePort();
    const urls = [
      ...STATUSES.map((status) => new URL(`/${status}`, receiver.url).href),
      `http://127.0.0.1:${port}/refused`,
      'http://10.0.0.1/forbidden',
    ];
    const ids: string[] = [];
    for (const url of urls) {
      const { userId } = await createWebhook(db, url, { max_retries: 1, retry_delay_seconds: 60 });
      ids.push(...(await trigger(db, userId)));
    }
    const recorded = async () => {
      const { rows } = await db.query<{ status: string; code: string; n: number }>(
        "SELECT status, coalesce(error_code, 'none') AS code, count(*)::int AS n FROM webhook_deliveries WHERE attempt_number > 0 GROUP BY 1, 2",
        [],
      );
      return rows;
    };
    await waitUntil(async () => (await recorded()).reduce((sum, { n }) => sum + n, 0) === urls.length, {
      message: 'all to be tried',
    });
    const rows = await recorded();
    expect(new Set(rows.map(({ code }) => code))).toEqual(
      new Set([
        ...['none', 'http_redirect', 'http_client_error', 'http_gone', 'http_rate_limited', 'http_server_error'],
        ...['connection_refused', 'address_forbidden'],
      ]),
    );
    // A row is seen by others before the worker hears that it was written.
    const seen = await waitUntil(
      async () => {
        const now = await scrape(hookline);
        return now.sum('hookline_attempts_total') === urls.length ? now : undefined;
      },
      { message: 'all to be counted' },
    );
    for (const { status, code, n } of rows) {
      expect([status, code, seen.value(`hookline_attempts_total{outcome="${status}",code="${code}"}`)]).toEqual([
        status,
        code,
        n,
      ]);
    }
    expect(seen.value('hookline_send_seconds_count')).toBe(urls.length);
    // Nothing was written to an endpoint that was not reached.
    expect(seen.value('hookline_trigger_to_first_byte_seconds_count')).toBe(STATUSES.length);
    expect(seen.value('hookline_recorder_batch_results_sum')).toBe(urls.length);
    expect(seen.value('hookline_recorder_write_seconds_count')).toBe(
      seen.value('hookline_recorder_batch_results_count'),
    );
    expect(ids).toHaveLength(urls.length);
  });

  it('measure a first attempt from its trigger, by the clock of the database, and no later one', async () => {
    const { db } = hookline;
    const before = await scrape(hookline);
    const { userId } = await createWebhook(db, new URL('/503', receiver.url).href, { max_retries: 1 });
    // Nobody claims it before this commits.
    await asService(db, async (tx) => {
      await tx.query("SELECT FROM trigger_webhook_event('video.generated', '{}'::jsonb, $1::uuid)", [userId]);
      await tx.query(
        "UPDATE webhook_deliveries SET created_at = created_at - interval '100 seconds' WHERE user_id = $1::uuid",
        [userId],
      );
    });
    const attempts = (seen: Awaited<ReturnType<typeof scrape>>) => seen.sum('hookline_attempts_total');
    await waitUntil(async () => attempts(await scrape(hookline)) >= attempts(before) + 2, {
      message: 'two attempts',
      timeoutMs: 15_000,
    });
    const after = await scrape(hookline);
    const grown = (series: string) => (after.value(series) ?? 0) - (before.value(series) ?? 0);
    const name = 'hookline_trigger_to_first_byte_seconds';
    expect(grown(`${name}_count`)).toBe(1);
    expect(grown(`${name}_sum`)).toBeGreaterThanOrEqual(100);
    expect(grown(`${name}_sum`)).toBeLessThan(160);
  });

  it('name routes by their pattern, and nothing that a caller chose', async () => {
    const id = '11111111-2222-4333-8444-555555555555';
    const bearer = { authorization: `Bearer ${SERVICE_KEY}` };
    const answers = [
      await fetch(`${hookline.url}/v1/webhooks/${id}?user_id=secret-name`, { headers: bearer }),
      await fetch(`${hookline.url}/v1/webhooks/${id}`, { method: 'DELETE', headers: bearer }),
      await fetch(`${hookline.url}/never-${id}`, { method: 'SEARCH' }),
      await fetch(`${hookline.url}/%zz${id}`),
      await fetch(`${hookline.url}/v1/webhooks`),
    ];
    for (const answer of answers) await answer.text();
    const count = (seen: Awaited<ReturnType<typeof scrape>>) => seen.sum('hookline_http_requests_total');
    await waitUntil(async () => count(await scrape(hookline)) >= answers.length, { message: 'all requests counted' });
    const seen = await scrape(hookline);
    const requests = (labels: string) => seen.value(`hookline_http_requests_total{${labels}}`);
    expect(requests('method="DELETE",route="/v1/webhooks/:webhook_id",status="404"')).toBe(1);
    expect(requests('method="GET",route="/v1/webhooks",status="401"')).toBe(1);
    expect(requests('method="other",route="unmatched",status="404"')).toBe(1);
    expect(requests('method="other",route="unmatched",status="400"')).toBe(1);
    expect(seen.value('hookline_http_request_seconds_count{method="GET",route="/v1/webhooks"}')).toBe(1);
    expect(seen.text).not.toContain(id);
    expect(seen.text).not.toContain('SEARCH');
    expect(seen.text).not.toMatch(/127\.0\.0\.1|secret-name|video\.generated|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('tell what the process is, its pool and its event loop', async () => {
    const seen = await scrape(hookline);
    const [info] = [...seen.values.keys()].filter((series) => series.startsWith('hookline_build_info'));
    expect(info).toMatch(
      /^hookline_build_info\{version="\d+\.\d+\.\d+[^"]*",database="postgres",api="true",worker="true"\}$/,
    );
    expect(seen.value('hookline_pool_max_connections')).toBe(10);
    const open = ['busy', 'idle'].map((state) => seen.value(`hookline_pool_connections{state="${state}"}`) ?? -1);
    expect(Math.min(...open)).toBeGreaterThanOrEqual(0);
    expect(open.reduce((sum, n) => sum + n)).toBeGreaterThan(0);
    expect(seen.value('hookline_pool_waiting')).toBe(0);
    expect(seen.value('hookline_event_loop_busy_seconds_total')).toBeGreaterThan(0);
    expect(seen.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(seen.value('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(seen.value('hookline_loop_looks_total{loop="follow_ups",outcome="ok"}')).toBeGreaterThan(0);
    // It has not looked yet; were it never to go well, this would tell.
    expect(seen.value('hookline_loop_last_ok_timestamp_seconds{loop="retention"}')).toBeGreaterThan(0);
    expect(seen.value('hookline_worker_deliveries{state="in_flight"}')).toBe(0);
  });

  it('are at a port of their own for everybody, beside probes, and then not at the API', async () => {
    const { metricsUrl, url } = hookline;
    const answer = await fetch(`${metricsUrl}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect((await fetch(`${metricsUrl}/healthz`)).status).toBe(200);
    expect(JSON.parse(await (await fetch(`${metricsUrl}/readyz`)).text())).toMatchObject({ checks: {} });
    const nothing = await fetch(`${metricsUrl}/v1/webhooks`, { headers: { authorization: `Bearer ${SERVICE_KEY}` } });
    expect([nothing.status, JSON.parse(await nothing.text())]).toMatchObject([404, { code: 'not_found' }]);
    expect((await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${SERVICE_KEY}` } })).status).toBe(404);
  });

  it('are at the API for the service alone, where they have no port of their own', async () => {
    const api = await startWatched(own.url, { api: true, worker: false }, { HOOKLINE_METRICS_PORT: '' });
    expect(api.metricsUrl).toBeUndefined();
    const get = (bearer?: string) =>
      fetch(`${api.url}/metrics`, bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } });
    const token = await sign(userClaims('11111111-2222-4333-8444-555555555555'));
    const statuses = await Promise.all(
      [get(), get('wrong'), get(token), get(SERVICE_KEY)].map(async (one) => (await one).status),
    );
    expect(statuses).toEqual([401, 401, 403, 200]);
    const text = await (await get(SERVICE_KEY)).text();
    expect(text).toContain('hookline_queue_deliveries{state="ready"}');
    expect(text).toContain('api="true",worker="false"');
    // Of what it does not run it tells nothing.
    expect(text).not.toContain('hookline_attempts_total');
    await api.stop();
  });

  it('cannot be at a port that is taken, and says which variable to change', async () => {
    const taken = new URL(hookline.metricsUrl ?? '').port;
    await expect(
      startWatched(own.url, { api: false, worker: true }, { HOOKLINE_METRICS_PORT: taken }),
    ).rejects.toMatchObject({ code: 'address_in_use', hint: expect.stringContaining('HOOKLINE_METRICS_PORT') });
  });

  it('wait for the port of the process whose place is taken', async () => {
    const port = `${await freePort()}`;
    const env = { HOOKLINE_METRICS_PORT: port };
    const old = await startWatched(own.url, { api: false, worker: true }, env);
    const next = await startWatched(own.url, { api: false, worker: true }, env, silent, true);
    expect(next.metricsUrl).toBeUndefined();
    await old.stop();
    const isThere = () => scrape({ metricsUrl: `http://127.0.0.1:${port}` }).catch(() => undefined);
    const seen = await waitUntil(isThere, { message: 'the metrics of the next process' });
    expect(seen.value('hookline_database_up')).toBe(1);
    await next.stop();
  });
});
