import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import type { Worker } from '../../src/deliver/worker.js';
import { describeOnPostgres, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook, startTestWorker } from '../harness/delivering.js';
import { type Answer, type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks, statusesOf } from './backlogs.js';

const BY_VIDEO = { is_ordered: 'true', ordering_key_path: "'/video_id'", max_retries: '5' };
const AS_ONE = { is_ordered: 'true', max_retries: '5' };
const CALL_MS = 20;
/** Keys k0 to k3 in turn. */
const FOUR_KEYS = "jsonb_build_object('video_id', 'k' || n % 4, 'n', n)";

interface Call {
  readonly key: string;
  readonly n: number;
  readonly ok: boolean;
  /** Calls of the same key that were open when it came. */
  readonly beside: number;
}

/** A receiver that keeps what came for each key, in order, and fails what `fails` names (by the key, n and how often it has come). */
class Sequences {
  readonly calls: Call[] = [];
  workers: Worker[] = [];
  fails: (key: string, n: number, nth: number) => boolean = () => false;
  keyOf: (body: Record<string, unknown>) => unknown = (body) => body['video_id'];
  readonly #open = new Map<string, number>();

  private constructor(
    readonly db: Database,
    readonly receiver: ReceiverServer,
  ) {}

  static async begin(db: Database): Promise<Sequences> {
    const sequences = new Sequences(db, await startReceiver());
    sequences.receiver.answerWith((request) => sequences.#answer(request));
    return sequences;
  }

  #answer({ body }: ReceivedRequest): Answer {
    const payload: Record<string, unknown> = JSON.parse(body.toString());
    const [key, n] = [String(this.keyOf(payload) ?? ''), Number(payload['n'])];
    const nth = this.calls.filter((call) => call.key === key && call.n === n).length;
    const ok = !this.fails(key, n, nth);
    const beside = this.#open.get(key) ?? 0;
    this.calls.push({ key, n, ok, beside });
    this.#open.set(key, beside + 1);
    setTimeout(() => this.#open.set(key, (this.#open.get(key) ?? 0) - 1), CALL_MS);
    return { status: ok ? 200 : 500, delayMs: CALL_MS };
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(1_000)));
    await this.receiver.close();
    await this.db.query('TRUNCATE webhooks CASCADE');
  }

  async start(count = 1): Promise<void> {
    this.workers = await Promise.all(Array.from({ length: count }, () => startTestWorker(this.db)));
  }

  async add(columns: Readonly<Record<string, string>>): Promise<string> {
    const { ids } = await addWebhooks(this.db, [this.receiver.url], columns);
    return ids[0] ?? '';
  }

  async ended(webhookId: string, count: number, timeoutMs = 25_000): Promise<void> {
    await waitUntil(
      async () => {
        const { success = 0, failed = 0 } = await statusesOf(this.db, [webhookId]);
        return success + failed === count;
      },
      { message: () => `${count} deliveries to end; ${this.calls.length} calls came`, timeoutMs },
    );
  }

  /** One at a time for each key, and none before the one created before it has succeeded. */
  expectOrdered(keys: readonly string[]): void {
    expect([...new Set(this.calls.map(({ key }) => key))].sort()).toEqual([...keys].sort());
    for (const key of keys) {
      const calls = this.calls.filter((call) => call.key === key);
      expect(
        calls.filter(({ beside }) => beside > 0),
        `beside another call of ${key}`,
      ).toEqual([]);
      const succeeded = calls.filter(({ ok }) => ok).map(({ n }) => n);
      expect(succeeded, key).toEqual([...succeeded].sort((a, b) => a - b));
      expect(new Set(succeeded).size, key).toBe(succeeded.length);
      for (const [nth, { n, ok }] of calls.entries()) {
        if (!ok) expect(calls[nth + 1]?.n, `after ${n} of ${key} failed`).toBe(n);
      }
    }
  }
}

const K = ['k0', 'k1', 'k2', 'k3'];

function describeOrder(name: string, workers: number, sequences: () => Sequences): void {
  describe(name, () => {
    it('send one at a time for each key, in order of creation, with failures between; other keys go on meanwhile', async () => {
      const all = sequences();
      // The third of k1 fails twice, which takes it seconds; the fifth of k2 once.
      all.fails = (key, n, nth) => (key === 'k1' && n === 9 && nth < 2) || (key === 'k2' && n === 18 && nth < 1);
      const id = await all.add(BY_VIDEO);
      await addBacklog(all.db, [id], 80, FOUR_KEYS);
      await all.start(workers);
      await all.ended(id, 80);
      all.expectOrdered(K);
      const failedAt = all.calls.findIndex(({ key, ok }) => key === 'k1' && !ok);
      const mendedAt = all.calls.findIndex(({ key, n, ok }) => key === 'k1' && n === 9 && ok);
      const between = all.calls.slice(failedAt, mendedAt).filter(({ key }) => key === 'k0' || key === 'k3');
      expect(between.length).toBeGreaterThan(10);
    }, 60_000);

    it('send one at a time in all without a path', async () => {
      const all = sequences();
      all.keyOf = () => 'all';
      all.fails = (_, n, nth) => n % 10 === 3 && nth < 1;
      const id = await all.add(AS_ONE);
      await all.start(workers);
      await addBacklog(all.db, [id], 30, FOUR_KEYS);
      await all.ended(id, 30);
      all.expectOrdered(['all']);
    }, 60_000);

    it('keep the order of triggers in one statement, and of statements in one transaction', async () => {
      const all = sequences();
      const webhook = await createWebhook(all.db, all.receiver.url, {
        is_ordered: true,
        ordering_key_path: '/video_id',
      });
      await all.start(workers);
      const trigger = `SELECT trigger_webhook_event('video.generated', ${FOUR_KEYS}, $1::uuid) FROM generate_series($2::int, $3::int) n`;
      await asService(all.db, async (tx) => {
        await tx.query(trigger, [webhook.userId, 1, 40]);
        for (let n = 41; n <= 50; n += 1) await tx.query(trigger, [webhook.userId, n, n]);
      });
      await all.ended(webhook.id, 50);
      all.expectOrdered(K);
      expect(all.calls).toHaveLength(50);
    });
  });
}

describeOnPostgres('ordered deliveries', (ctx) => {
  let all: Sequences;
  beforeEach(async () => {
    all = await Sequences.begin(ctx.db());
  });
  afterEach(() => all.end());

  describeOrder('of a lone worker', 1, () => all);

  it('go on after one that has failed for good', async () => {
    all.fails = (key, n) => key === 'k1' && n === 1;
    const id = await all.add({ ...BY_VIDEO, retry_enabled: 'false', max_retries: '0' });
    await addBacklog(ctx.db(), [id], 20, FOUR_KEYS);
    await all.start();
    await all.ended(id, 20);
    expect(all.calls.filter(({ key }) => key === 'k1').map(({ n }) => n)).toEqual([1, 5, 9, 13, 17]);
    expect(all.calls.filter(({ beside }) => beside > 0)).toEqual([]);
  });

  it('begin with a backlog from before the webhook asked for them, and end with it', async () => {
    const id = await all.add({});
    await addBacklog(ctx.db(), [id], 40, FOUR_KEYS);
    await ctx
      .db()
      .query("UPDATE webhooks SET is_ordered = true, ordering_key_path = '/video_id' WHERE id = $1::uuid", [id]);
    await addBacklog(ctx.db(), [id], 20, FOUR_KEYS.replaceAll('n)', 'n + 100)'));
    await all.start();
    await all.ended(id, 60);
    all.expectOrdered(K);

    await all.workers[0]?.stop(1_000);
    all.calls.length = 0;
    await addBacklog(ctx.db(), [id], 40, FOUR_KEYS);
    await ctx.db().query('UPDATE webhooks SET is_ordered = false WHERE id = $1::uuid', [id]);
    await all.start();
    await all.ended(id, 100);
    expect(all.calls.filter(({ beside }) => beside > 0).length).toBeGreaterThan(0);
  });

  it('that lack the path, or have null there, are one sequence; keys that are no text are told apart by their text', async () => {
    const id = await all.add(BY_VIDEO);
    const payload = `CASE n % 4 WHEN 0 THEN jsonb_build_object('n', n) WHEN 1 THEN jsonb_build_object('n', n, 'video_id', NULL)
      WHEN 2 THEN jsonb_build_object('n', n, 'video_id', 7) ELSE jsonb_build_object('n', n, 'video_id', '7') END`;
    await addBacklog(ctx.db(), [id], 24, payload);
    await all.start();
    await all.ended(id, 24);
    all.expectOrdered(['', '7']);
  });

  it('take their key by a JSON pointer, also in arrays and with escaped names', async () => {
    const id = await all.add({ ...BY_VIDEO, ordering_key_path: "'/items/1/a~1b~0c'" });
    all.keyOf = (body) => (body['items'] as Record<string, string>[])[1]?.['a/b~c'];
    await addBacklog(
      ctx.db(),
      [id],
      24,
      "jsonb_build_object('n', n, 'items', jsonb_build_array(1, jsonb_build_object('a/b~c', 'k' || n % 4)))",
    );
    await all.start();
    await all.ended(id, 24);
    all.expectOrdered(K);
    expect(
      all.calls
        .slice(0, 4)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(K);
  });

  it('and their keys take turns when there are more than a claim takes', async () => {
    const id = await all.add(BY_VIDEO);
    await addBacklog(ctx.db(), [id], 400, "jsonb_build_object('video_id', 'k' || n % 40, 'n', n)");
    const seen = new Set<string>();
    for (let nth = 0; nth < 8; nth += 1) {
      const { rows } = await ctx.db().query<{ id: string; key: string }>(
        `SELECT q.delivery_id AS id, q.ordering_key AS key FROM hookline.queue q WHERE q.delivery_id = ANY (ARRAY(
           SELECT l.delivery_id FROM hookline.lease_due($1::uuid, 1000, 10, 1000000000, false, '1 minute') l))`,
        [randomUUID()],
      );
      expect(new Set(rows.map(({ key }) => key)).size).toBe(10);
      for (const { key } of rows) seen.add(key);
      // They succeed.
      await ctx
        .db()
        .query("UPDATE webhook_deliveries SET status = 'success' WHERE id = ANY ($1::uuid[])", [
          rows.map((row) => row.id),
        ]);
    }
    expect(seen.size).toBe(40);
  });

  it.each([
    ['without its slash', 'video_id'],
    ['that is empty', ''],
    ['with an escape that is none', '/a~2'],
    ['that ends in the middle of an escape', '/a~'],
    ['of more than 255 bytes', `/${'x'.repeat(255)}`],
  ])('refuse a path %s', async (_, path) => {
    const id = await all.add({});
    await expect(
      ctx.db().query('UPDATE webhooks SET ordering_key_path = $2 WHERE id = $1::uuid', [id, path]),
    ).rejects.toThrow(/valid_ordering_key_path/);
  });

  it('hold up no other webhook while one waits for its retry', async () => {
    all.fails = (_, n, nth) => n === 1 && nth < 1;
    all.keyOf = () => 'all';
    const id = await all.add({ ...AS_ONE, retry_delay_seconds: '60' });
    await addBacklog(ctx.db(), [id], 10);
    const quick = await startReceiver();
    const other = await addWebhooks(ctx.db(), [quick.url]);
    await addBacklog(ctx.db(), other.ids, 50);
    await all.start();
    await quick.waitFor(50);
    await waitUntil(async () => (await statusesOf(ctx.db(), [id]))['retrying'] === 1, { message: 'the first to fail' });
    expect(await statusesOf(ctx.db(), [id])).toEqual({ retrying: 1, pending: 9 });
    expect(all.calls).toHaveLength(1);
    await quick.close();
  });
});

describe('ordered deliveries of', () => {
  let database: TestDatabase;
  let all: Sequences;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    all = await Sequences.begin(database.db);
  });
  afterEach(() => all.end());
  describeOrder('two workers', 2, () => all);
  describeOrder('three workers', 3, () => all);
});
