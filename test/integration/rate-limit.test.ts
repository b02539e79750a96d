import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { PostgresQueue } from '../../src/deliver/queue/postgres.js';
import type { Worker } from '../../src/deliver/worker.js';
import { describeOnPostgres, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { startTestWorker } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks, statusesOf } from './backlogs.js';

/** How much later than granted a call may arrive as a rule. */
const LATE_S = 2;
/** And how much at most, on a machine that is busy: by this much calls of one window come in the next. */
const LATEST_S = 5;

/** Notes when how many calls are granted: when a claim takes tokens out of a bucket, by the time to which that had filled. */
const NOTE_GRANTS = `
  CREATE TABLE IF NOT EXISTS public.grants (webhook_id uuid, at_ms float8, calls float8);
  CREATE OR REPLACE FUNCTION public.note_grant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO public.grants VALUES (NEW.webhook_id, extract(epoch FROM NEW.filled_at) * 1000, OLD.tokens - NEW.tokens);
    RETURN NULL;
  END $$;
  CREATE OR REPLACE TRIGGER note_grant AFTER UPDATE ON hookline.rate_buckets
  FOR EACH ROW WHEN (NEW.tokens < OLD.tokens AND NEW.filled_at = OLD.filled_at) EXECUTE FUNCTION public.note_grant()`;

interface Grant {
  readonly at: number;
  readonly calls: number;
}

/** A webhook with a limit and a backlog, and what arrives there. */
class Limited {
  workers: Worker[] = [];
  id = '';
  /** Before the first claim, and so before the bucket was full. */
  #startedAt = 0;

  constructor(
    readonly db: Database,
    readonly receiver: ReceiverServer,
  ) {}

  async begin(rate: number, burst: number | null, backlog: number, workers = 1): Promise<void> {
    const columns = { rate_limit_per_second: `${rate}`, rate_limit_burst: `${burst ?? 'NULL::int'}` };
    const { ids } = await addWebhooks(this.db, [this.receiver.url.replace('/hook', '/limited')], columns);
    this.id = ids[0] ?? '';
    await this.db.query(NOTE_GRANTS);
    await addBacklog(this.db, ids, backlog);
    this.#startedAt = Date.now();
    this.workers = await Promise.all(Array.from({ length: workers }, () => startTestWorker(this.db)));
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(1_000)));
    await this.receiver.close();
    await this.db.query('TRUNCATE webhooks CASCADE');
  }

  arrivals(): number[] {
    return this.receiver.requests.filter(({ url }) => url === '/limited').map(({ at }) => at);
  }

  async waitFor(count: number, timeoutMs = 20_000): Promise<void> {
    await waitUntil(() => this.arrivals().length >= count, {
      message: () => `${count} calls; ${this.arrivals().length} came`,
      timeoutMs,
    });
  }

  async grants(): Promise<Grant[]> {
    const { rows } = await this.db.query<Grant>(
      'SELECT at_ms AS at, calls FROM public.grants WHERE webhook_id = $1::uuid ORDER BY at_ms',
      [this.id],
    );
    return rows;
  }

  /**
   * No more than burst + rate · n in n seconds: what is granted, in any window; what arrives, from the start on without any tolerance, and in any
   * window with that for calls that were late. Nothing arrives that was not granted, and soon after it was as a rule.
   */
  async expectKept(rate: number, burst: number): Promise<void> {
    const arrivals = this.arrivals();
    const grants = await this.grants();
    for (const [from, { at: began }] of grants.entries()) {
      let calls = 0;
      for (const grant of grants.slice(from)) {
        calls += grant.calls;
        const seconds = (grant.at - began) / 1_000;
        expect(calls, `granted in ${seconds} s`).toBeLessThanOrEqual(burst + rate * seconds + 1e-3);
      }
    }
    const calls = grants.flatMap(({ at, calls }) => Array.from({ length: Math.round(calls) }, () => at));
    const late = arrivals.map((at, nth) => (at - (calls[nth] ?? Number.POSITIVE_INFINITY)) / 1_000);
    // The receiver's clock has whole milliseconds.
    expect(Math.min(...late), 'seconds after its grant').toBeGreaterThan(-0.002);
    const inOrder = late.toSorted((a, b) => a - b);
    expect(inOrder[(inOrder.length - 1) >> 1]).toBeLessThanOrEqual(LATE_S);
    for (const [to, at] of arrivals.entries()) {
      expect(to + 1, 'since the start').toBeLessThanOrEqual(burst + rate * ((at - this.#startedAt) / 1_000) + 1e-6);
      for (let from = 0; from < to; from += 1) {
        const seconds = (at - (arrivals[from] ?? 0)) / 1_000;
        expect(to - from + 1, `in ${seconds} s`).toBeLessThanOrEqual(burst + rate * (seconds + LATEST_S) + 1);
      }
    }
  }
}

describeOnPostgres('a rate limit', (ctx) => {
  let limited: Limited;
  beforeEach(async () => {
    limited = new Limited(ctx.db(), await startReceiver());
  });
  afterEach(() => limited.end());
  const set = (columns: string) => ctx.db().query(`UPDATE webhooks SET ${columns} WHERE id = $1::uuid`, [limited.id]);

  it('is kept, and used', async () => {
    await limited.begin(20, 5, 200);
    await limited.waitFor(50);
    await limited.expectKept(20, 5);
  });

  it('lets a burst through at once after a pause, and then its rate', async () => {
    await limited.begin(2, 40, 60);
    await limited.waitFor(44);
    await limited.expectKept(2, 40);
    const arrivals = limited.arrivals();
    // Forty calls by the rate alone are twenty seconds.
    expect((arrivals[39] ?? 0) - (arrivals[0] ?? 0)).toBeLessThan(10_000);
  });

  it('has by default a burst of one second’s calls', async () => {
    await limited.begin(10, null, 100);
    await limited.waitFor(30);
    await limited.expectKept(10, 10);
  });

  it('saves up no more than a burst', async () => {
    await limited.begin(5, 3, 3);
    await limited.waitFor(3);
    await ctx.db().query("UPDATE hookline.rate_buckets SET filled_at = filled_at - interval '1 hour'");
    const before = limited.arrivals().length;
    const from = Date.now();
    await addBacklog(ctx.db(), [limited.id], 50);
    await limited.waitFor(before + 12);
    for (const [nth, at] of limited.arrivals().slice(before).entries()) {
      expect(nth + 1).toBeLessThanOrEqual(3 + (5 * (at - from)) / 1_000 + 1e-6);
    }
  });

  it('holds up nobody else, not even another webhook of the same user', async () => {
    await limited.begin(1, 1, 50);
    await limited.waitFor(1);
    const user = await ctx.db().query<{ user_id: string }>('SELECT user_id FROM webhooks');
    const theirs = await addWebhooks(ctx.db(), [limited.receiver.url], {}, user.rows[0]?.user_id);
    const others = await addWebhooks(ctx.db(), [limited.receiver.url]);
    const ids = [...theirs.ids, ...others.ids];
    await addBacklog(ctx.db(), ids, 100);
    await waitUntil(async () => (await statusesOf(ctx.db(), ids))['success'] === 200, {
      message: 'all deliveries of the others',
      timeoutMs: 20_000,
    });
    expect((await statusesOf(ctx.db(), [limited.id]))['pending']).toBeGreaterThan(20);
    await limited.expectKept(1, 1);
  });

  it('that is removed or raised holds nothing back any more', async () => {
    await limited.begin(1, 1, 150);
    await limited.waitFor(2);
    await set('rate_limit_per_second = 1000, rate_limit_burst = 50');
    await limited.waitFor(80, 10_000);
    await set('rate_limit_per_second = 1, rate_limit_burst = 1');
    await addBacklog(ctx.db(), [limited.id], 100);
    await set('rate_limit_per_second = NULL');
    await limited.waitFor(250, 10_000);
  });

  it('that is lowered or given holds back what waits', async () => {
    await limited.begin(1_000, 1, 0);
    await set('rate_limit_per_second = 2, rate_limit_burst = 2');
    await addBacklog(ctx.db(), [limited.id], 100);
    const from = Date.now();
    await limited.waitFor(6);
    for (const [nth, at] of limited.arrivals().entries()) {
      expect(nth + 1).toBeLessThanOrEqual(2 + (2 * (at - from)) / 1_000 + 1);
    }
  });

  it('burns no attempt of what it holds back, and counts failed calls', async () => {
    limited.receiver.answerWith([{ status: 500 }]);
    await limited.begin(5, 5, 30);
    await limited.waitFor(15);
    await limited.expectKept(5, 5);
    const { rows } = await ctx
      .db()
      .query<{ n: number }>('SELECT sum(attempt_number)::int AS n FROM webhook_deliveries');
    expect(rows[0]?.n).toBeLessThanOrEqual(limited.arrivals().length);
  });

  it('does not keep a worker busy with what is held back for another reason', async () => {
    const { ids } = await addWebhooks(ctx.db(), [limited.receiver.url], {
      rate_limit_per_second: '1',
      is_active: 'false',
    });
    await addBacklog(ctx.db(), ids, 10);
    await ctx
      .db()
      .query(
        "INSERT INTO hookline.rate_buckets SELECT id, 0, now() - interval '1 hour' FROM webhooks WHERE id = ANY ($1::uuid[])",
        [ids],
      );
    const queue = new PostgresQueue(ctx.db(), new DatabaseClock(), randomUUID());
    const began = performance.now();
    for (let n = 0; n < 6; n += 1) await queue.wait();
    // At once would be a few ms.
    expect(performance.now() - began).toBeGreaterThan(1_000);
  });

  it.each([
    'rate_limit_per_second = 0',
    'rate_limit_per_second = 10001',
    'rate_limit_burst = 0',
    'rate_limit_burst = 10001',
  ])('is refused: %s', async (columns) => {
    await limited.begin(1, 1, 0);
    await expect(set(columns)).rejects.toThrow(/valid_rate_limit/);
  });
});

describe('two workers', () => {
  let database: TestDatabase;
  let limited: Limited;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    limited = new Limited(database.db, await startReceiver());
  });
  afterEach(() => limited.end());

  it.each([
    [20, 5],
    [50, 1],
    [3, 30],
  ])('keep together to %i a second and %i at once', async (rate, burst) => {
    await limited.begin(rate, burst, 300, 2);
    await limited.waitFor(burst + Math.min(60, rate * 3));
    await limited.expectKept(rate, burst);
  });
});
