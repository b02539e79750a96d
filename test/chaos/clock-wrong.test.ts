import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { expectFlow } from './bystander.js';
import { Scene } from './scene.js';

const HOUR_MS = 3_600_000;
const RETRY_DELAY_S = 2;
const RETRY_AFTER_S = 3;
/** A busy machine may be late by so much. */
const SLACK_MS = 10_000;

describe('workers whose clocks are an hour off, both ways, beside one that is right', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(async () => {
    await scene.close();
  });

  it('keep to the schedule of the database: retries, Retry-After dates, leases, timestamps in rows and signatures', async () => {
    const attempt = ({ headers }: ReceivedRequest): number => Number(headers['x-webhook-attempt']);
    const failing = await scene.receiver((request) => ({ delayMs: 20, status: attempt(request) === 1 ? 500 : 200 }));
    const asking = await scene.receiver((request) =>
      attempt(request) > 1
        ? {}
        : { status: 503, headers: { 'retry-after': new Date(Date.now() + RETRY_AFTER_S * 1_000).toUTCString() } },
    );
    const [retried, asked] = [
      await scene.users(20, failing.url, { retry_delay_seconds: RETRY_DELAY_S }),
      await scene.users(6, asking.url),
    ];
    const workers = await Promise.all(
      [0, HOUR_MS, -HOUR_MS].map((shift) =>
        scene.startWorker({
          env: { HOOKLINE_TEST_CLOCK_SHIFT_MS: String(shift) },
          imports: ['./test/harness/shifted-clock.mjs'],
        }),
      ),
    );
    const bystander = await scene.bystander(100);
    // Of each webhook fewer than the failures that open its circuit breaker.
    for (let round = 0; round < 15; round += 1) {
      await scene.trigger(retried, 1);
      await bystander.next();
      await bystander.next();
    }
    await scene.trigger(asked, 1);
    // The bystander goes on: a worker that stood still has its turn, too.
    const haveSent = () => workers.every((worker) => worker.output().includes('"delivery.attempted"'));
    await waitUntil(haveSent, { message: 'a delivery of each worker', timeoutMs: 30_000 });
    await scene.finish(45_000);

    const off = scene.requests.map(({ headers, at }) => Math.abs(Number(headers['webhook-timestamp']) * 1_000 - at));
    expect(Math.max(...off), 'webhook-timestamp by the right clock').toBeLessThan(SLACK_MS);
    const pauses = (requests: readonly ReceivedRequest[]) => {
      const firsts = new Map(
        requests.filter((r) => attempt(r) === 1).map((r) => [r.headers['x-webhook-delivery'], r.at]),
      );
      const seconds = requests.filter((request) => attempt(request) === 2);
      return seconds.map(({ headers, at }) => at - (firsts.get(headers['x-webhook-delivery']) ?? 0));
    };
    expect(Math.min(...pauses(failing.requests)), 'retries').toBeGreaterThan(RETRY_DELAY_S * 800 - 10);
    expect(Math.max(...pauses(failing.requests)), 'retries').toBeLessThan(RETRY_DELAY_S * 1_200 + SLACK_MS);
    // A date in HTTP has whole seconds.
    expect(Math.min(...pauses(asking.requests)), 'Retry-After').toBeGreaterThan((RETRY_AFTER_S - 1) * 1_000 - 10);
    expect(Math.max(...pauses(asking.requests)), 'Retry-After').toBeLessThan(RETRY_AFTER_S * 1_000 + SLACK_MS);
    const { rows } = await scene.db.query(
      `SELECT id, created_at, attempted_at, delivered_at FROM webhook_deliveries
       WHERE attempted_at NOT BETWEEN created_at - $1 * interval '1 ms' AND now() OR delivered_at NOT BETWEEN attempted_at AND now()`,
      [SLACK_MS],
    );
    expect(rows, 'rows with times of another clock').toEqual([]);
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 10_000 });
  }, 150_000);
});
