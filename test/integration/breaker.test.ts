import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import type { Worker } from '../../src/deliver/worker.js';
import { failWaiting } from '../../src/maintain/expire.js';
import { describeOnPostgres, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { startTestWorker } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks, OpenCalls, statusesOf } from './backlogs.js';

const FAILURES = 5;
const PAUSE_MS = 400;
/** So long pauses grow. On a slow machine some probes have gone before the first look, and the pauses after the last ones would be minutes. */
const LONGEST_PAUSE_MS = 16 * PAUSE_MS;
const BACKLOG = 200;
/** Calls until it opens take long, so that few begin while the failures are being written, though PostgreSQL takes seconds for that. */
const FIRST_DELAY_MS = 600;
const DELAY_MS = 20;
/** In flight when the breaker opens: a cap's worth, and what begins while the failures are being written. */
const BURNT_AT_MOST = 100;

interface State {
  readonly is_open: boolean;
  readonly is_held: boolean;
  readonly failures: number;
  readonly probes: number;
}

/** An endpoint that fails, with a backlog, and workers. */
class Failing {
  readonly open = new OpenCalls(FIRST_DELAY_MS);
  workers: Worker[] = [];
  id = '';

  private constructor(
    readonly db: Database,
    readonly receiver: ReceiverServer,
  ) {}

  static async begin(db: Database, pause = `${PAUSE_MS} milliseconds`): Promise<Failing> {
    const failing = new Failing(db, await startReceiver());
    failing.receiver.answerWith(failing.open.script);
    failing.open.status = 500;
    await db.query('UPDATE hookline.settings SET breaker_failures = $1::int, breaker_pause = $2::interval', [
      FAILURES,
      pause,
    ]);
    const { ids } = await addWebhooks(db, [failing.receiver.url], { max_retries: '10' });
    failing.id = ids[0] ?? '';
    return failing;
  }

  /** No pause is longer. */
  static async bound(db: Database, ms: number): Promise<void> {
    await db.query('UPDATE hookline.settings SET breaker_longest_pause = $1::interval', [`${ms} milliseconds`]);
  }

  async start(count = 1): Promise<void> {
    this.workers = await Promise.all(Array.from({ length: count }, () => startTestWorker(this.db)));
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(1_000)));
    await this.receiver.close();
    await this.db.query('TRUNCATE webhooks CASCADE');
    await this.db.query(
      'UPDATE hookline.settings SET breaker_failures = DEFAULT, breaker_pause = DEFAULT, breaker_longest_pause = DEFAULT',
    );
  }

  async state(): Promise<State> {
    const { rows } = await this.db.query<State>(
      `SELECT breaker_since IS NOT NULL AS is_open, coalesce(breaker_until > now(), false) AS is_held,
         consecutive_failures AS failures, breaker_probes AS probes FROM webhooks WHERE id = $1::uuid`,
      [this.id],
    );
    const [state] = rows;
    if (state === undefined) throw new Error('no webhook');
    return state;
  }

  /** Waits until the breaker is open and the calls from before it are over. */
  async opened(): Promise<void> {
    await waitUntil(async () => (await this.state()).is_open, { message: 'an open breaker', timeoutMs: 15_000 });
    const isQuiet = async () => (await this.count('lease_id IS NOT NULL')) === 0 && this.open.now() === 0;
    // A claim that began before the breaker opened may commit after one look, so it has to be quiet for a while.
    const isOver = async () => {
      const calls = this.receiver.requests.length;
      if (!(await isQuiet())) return false;
      await sleep(100);
      return (await isQuiet()) && this.receiver.requests.length === calls;
    };
    await waitUntil(isOver, { message: 'the calls from before it are over', intervalMs: 20 });
    this.open.delayMs = DELAY_MS;
  }

  async count(queued: string): Promise<number> {
    const { rows } = await this.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM hookline.queue WHERE ${queued}`,
    );
    return rows[0]?.n ?? -1;
  }

  /** Attempts that stand on the deliveries. */
  async attempts(): Promise<number> {
    const { rows } = await this.db.query<{ n: number }>('SELECT sum(attempt_number)::int AS n FROM webhook_deliveries');
    return rows[0]?.n ?? -1;
  }

  async allSucceed(timeoutMs = 25_000): Promise<void> {
    await waitUntil(async () => (await statusesOf(this.db, [this.id]))['success'] === BACKLOG, {
      message: 'the whole backlog',
      timeoutMs,
    });
  }

  /** Watches probes fail: one at a time, each after a longer pause, and nothing but theirs is burnt. */
  async expectProbes(count: number): Promise<void> {
    this.open.reset();
    const { probes } = await this.state();
    const before = this.receiver.requests.length;
    expect(await this.attempts(), 'what was burnt until it opened').toBeLessThanOrEqual(BURNT_AT_MOST);
    // Where the machine is slow several probes have gone already, and the next ones come later: after 2^n pauses, 20 % more at most.
    const pauseMs = (gone: number) => Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** gone);
    const pausesMs = Array.from({ length: count }, (_, nth) => 1.2 * pauseMs(probes + nth)).reduce((a, b) => a + b);
    await this.receiver.waitFor(before + count, 28_000 + pausesMs);
    const arrivals = this.receiver.requests.slice(before, before + count).map(({ at }) => at);
    for (let nth = 1; nth < count; nth += 1) {
      // After n probes that failed it waits for 2^n pauses, 20 % less at least.
      const pause = 0.8 * pauseMs(probes + nth);
      expect((arrivals[nth] ?? 0) - (arrivals[nth - 1] ?? 0), `pause ${nth}`).toBeGreaterThanOrEqual(pause);
    }
    await waitUntil(async () => (await this.attempts()) === this.receiver.requests.length, {
      message: 'as many attempts as calls',
    });
    expect(this.open.most(), 'one at a time').toBe(1);
    expect(await this.count('NOT is_retry')).toBeGreaterThanOrEqual(BACKLOG - BURNT_AT_MOST - count);
  }
}

describeOnPostgres('a breaker', (ctx) => {
  let failing: Failing;
  afterEach(() => failing.end());
  const set = (columns: string, ...params: string[]) =>
    ctx.db().query(`UPDATE webhooks SET ${columns} WHERE id = $1::uuid`, [failing.id, ...params]);
  const begin = async (pause?: string) => {
    failing = await Failing.begin(ctx.db(), pause);
    await addBacklog(ctx.db(), [failing.id], BACKLOG);
    await failing.start();
    await failing.opened();
  };

  it('opens after failures in a row: then only probes go, with growing pauses, and the rest waits unburnt', async () => {
    await Failing.bound(ctx.db(), LONGEST_PAUSE_MS);
    await begin();
    await failing.expectProbes(4);
    failing.open.status = 200;
    await failing.allSucceed();
    expect(await failing.state()).toEqual({ is_open: false, is_held: false, failures: 0, probes: 0 });
  }, 120_000);

  it('waits no longer than its longest pause', async () => {
    await Failing.bound(ctx.db(), 500);
    await begin('400 milliseconds');
    await failing.receiver.waitFor(failing.receiver.requests.length + 6, 20_000);
    // A probe counts when it is recorded, a moment after it was received.
    await waitUntil(async () => (await failing.state()).probes >= 5, { message: 'five probes recorded' });
  });

  it('calls nobody while it is held', async () => {
    await begin('1 hour');
    const calls = failing.receiver.requests.length;
    const attempts = await failing.attempts();
    // The others' calls go on meanwhile.
    const other = await addWebhooks(ctx.db(), [failing.receiver.url.replace('/hook', '/other')]);
    await addBacklog(ctx.db(), other.ids, 2);
    await failing.receiver.waitFor(calls + 2);
    expect(failing.receiver.requests.filter(({ url }) => url === '/hook')).toHaveLength(calls);
    const { rows } = await ctx
      .db()
      .query<{ n: number }>(
        'SELECT sum(attempt_number)::int AS n FROM webhook_deliveries WHERE webhook_id = $1::uuid',
        [failing.id],
      );
    expect(rows).toEqual([{ n: attempts }]);
    expect(await failing.state()).toMatchObject({ is_open: true, is_held: true });
  });

  it('is closed by another URL', async () => {
    await begin('1 hour');
    failing.open.status = 200;
    await set('url = $2', `${failing.receiver.url}/mended`);
    await failing.allSucceed();
    expect(await failing.state()).toEqual({ is_open: false, is_held: false, failures: 0, probes: 0 });
  });

  it('is closed when its owner makes the webhook active again', async () => {
    await begin('1 hour');
    failing.open.status = 200;
    await set('is_active = false');
    await set('is_active = true');
    await failing.allSucceed();
  });

  it('is not closed by another change', async () => {
    await begin('1 hour');
    await set("name = 'renamed', is_active = true, url = url");
    expect(await failing.state()).toMatchObject({ is_open: true, is_held: true });
  });

  it('fails what it has held for longer than the limit, and keeps what came later', async () => {
    await begin('1 hour');
    await addBacklog(ctx.db(), [failing.id], 3, "'{}'");
    await ctx
      .db()
      .query("UPDATE webhook_deliveries SET created_at = now() - interval '25 hours' WHERE request_payload <> '{}'");
    await ctx
      .db()
      .query("UPDATE webhook_deliveries SET next_retry_at = now() - interval '25 hours' WHERE status = 'retrying'");
    expect(await failWaiting(ctx.db(), 500), 'open since a moment').toBe(0);
    await set("breaker_since = now() - interval '24 hours 1 minute'");
    expect(await failWaiting(ctx.db(), 500)).toBe(BACKLOG);
    expect(await failWaiting(ctx.db(), 500)).toBe(0);
    const { rows } = await ctx.db().query(
      `SELECT status, error_code, count(*)::int AS n FROM webhook_deliveries
       WHERE attempt_number = 0 GROUP BY status, error_code ORDER BY status`,
    );
    expect(rows).toEqual([
      { status: 'failed', error_code: 'expired', n: expect.any(Number) },
      { status: 'pending', error_code: null, n: 3 },
    ]);
  });

  it('stays closed while an endpoint succeeds now and then', async () => {
    failing = await Failing.begin(ctx.db());
    failing.receiver.answerWith((_, index) => ({ status: index % 3 === 0 ? 200 : 500 }));
    await ctx.db().query('UPDATE webhooks SET retry_delay_seconds = 60');
    await ctx.db().query('UPDATE hookline.settings SET calls_per_webhook = 1');
    await addBacklog(ctx.db(), [failing.id], 60);
    await failing.start();
    await failing.receiver.waitFor(60, 25_000);
    await waitUntil(async () => (await failing.attempts()) === 60, { message: 'all recorded' });
    expect(await failing.state()).toMatchObject({ is_open: false, failures: 2 });
    await ctx.db().query('UPDATE hookline.settings SET calls_per_webhook = DEFAULT');
  }, 60_000);
});

describe('two workers', () => {
  let database: TestDatabase;
  let failing: Failing;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    failing = await Failing.begin(database.db);
  });
  afterEach(() => failing.end());

  it('send one probe at a time together, and both go on when it succeeds', async () => {
    await Failing.bound(database.db, LONGEST_PAUSE_MS);
    await failing.start(2);
    await addBacklog(database.db, [failing.id], BACKLOG);
    await failing.opened();
    await failing.expectProbes(4);
    failing.open.status = 200;
    await failing.allSucceed();
    expect(failing.open.most()).toBeGreaterThan(1);
  }, 120_000);

  it('wait for a probe that takes longer than the pause', async () => {
    await Failing.bound(database.db, PAUSE_MS);
    await failing.start(2);
    await addBacklog(database.db, [failing.id], BACKLOG);
    await failing.opened();
    failing.open.delayMs = 1_500;
    failing.open.reset();
    await failing.receiver.waitFor(failing.receiver.requests.length + 3, 20_000);
    expect(failing.open.most()).toBe(1);
  });
});
