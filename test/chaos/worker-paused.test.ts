import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HooklineProcess } from '../harness/hookline-process.js';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { expectFlow, TELLING } from './bystander.js';
import { failingAtFirst, Scene } from './scene.js';

/** What a paused worker held is free to others: 15 s after its last heartbeat, at another's next one (5 s). */
const FREED_WITHIN_MS = 30_000;
/** A paused worker's transaction holds its locks for so long at most. */
const UNLOCKED_WITHIN_MS = 10_000;
const MOMENTS = 20;

describe('a worker paused with SIGSTOP beside another', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  let users: string[];
  let paused: HooklineProcess;
  beforeEach(async () => {
    scene = await Scene.open();
    receiver = await scene.receiver(failingAtFirst(200));
    users = await scene.users(8, receiver.url, { timeout_seconds: 1 });
    [paused] = await Promise.all([scene.startWorker(), scene.startWorker()]);
  });
  afterEach(async () => {
    paused.signal('SIGCONT');
    await scene.close();
  });

  it('past its lease: the other sends what it held; its late results join the history, and it sends nothing more of it', async () => {
    const bystander = await scene.bystander();
    const all = await scene.trigger(users, 150);
    await receiver.waitFor(200, 30_000);
    // At a moment at which it holds something: what it had may all have been recorded just now.
    let held: { id: string }[] = [];
    const isHolding = async () => {
      paused.signal('SIGSTOP');
      ({ rows: held } = await scene.db.query<{ id: string }>(
        `SELECT q.delivery_id AS id FROM hookline.queue q JOIN hookline.workers w ON w.id = q.lease_worker WHERE w.name LIKE $1`,
        [`%:${paused.pid}`],
      ));
      if (held.length === 0) paused.signal('SIGCONT');
      return held.length > 0;
    };
    await waitUntil(isHolding, { message: 'the worker to hold deliveries while it is paused' });
    // All of it ends while the worker is paused, so each row that it held was sent by the other.
    let left = -1;
    const ended = async () => {
      left = await scene.unended(all);
      return left === 0;
    };
    await waitUntil(ended, {
      message: () => `what the paused worker held (${held.length}) to be delivered by the other; ${left} have not`,
      timeoutMs: FREED_WITHIN_MS + 50_000,
      intervalMs: 250,
    });
    const before = receiver.requests.length;
    paused.signal('SIGCONT');
    const fresh = await scene.trigger(users, 20);
    await scene.finish(60_000);

    // Neither what it had not begun, nor calls that had begun and whose time is long up.
    const takenOver = new Set(held.map(({ id }) => id));
    const again = receiver.requests.slice(before).map(({ headers }) => String(headers['x-webhook-delivery']));
    expect(again.filter((id) => takenOver.has(id))).toEqual([]);
    expect(fresh).toHaveLength(160);
    // What is fresh may all have ended before the worker that wakes has recorded what it had in flight.
    let late: { id: string }[] = [];
    const isRecorded = async () => {
      ({ rows: late } = await scene.db.query<{ id: string }>(
        'SELECT DISTINCT delivery_id AS id FROM hookline.webhook_delivery_attempts WHERE is_late',
      ));
      return late.length > 0;
    };
    await waitUntil(isRecorded, { message: 'late results of the paused worker', timeoutMs: 10_000 });
    expect(late.filter(({ id }) => !takenOver.has(id))).toEqual([]);
    expectFlow(bystander, { mostWithinMs: FREED_WITHIN_MS, allWithinMs: FREED_WITHIN_MS });
  }, 240_000);

  it('at any moment: no webhook and no waiting delivery stays locked', async () => {
    const bystander = await scene.bystander();
    // On a machine so busy that the bystander hardly triggers, for longer.
    const isTold = () => bystander.waits().length > TELLING;
    for (let moment = 0; moment < MOMENTS || (!isTold() && moment < 4 * MOMENTS); moment += 1) {
      if ((await scene.unended()) < 200) await scene.trigger(users, 50);
      await sleep(Math.random() * 150);
      paused.signal('SIGSTOP');
      await untilUnlocked('webhooks', 'id');
      await untilUnlocked('hookline.queue', 'delivery_id');
      paused.signal('SIGCONT');
    }
    await scene.finish(60_000);
    expectFlow(bystander, { mostWithinMs: UNLOCKED_WITHIN_MS, allWithinMs: FREED_WITHIN_MS });
  }, 300_000);

  /** Waits until each of the table's rows was there to be locked at some moment, or is gone. */
  async function untilUnlocked(table: string, key: string): Promise<void> {
    const { rows } = await scene.db.query<{ key: string }>(`SELECT ${key} AS key FROM ${table}`);
    const locked = new Set(rows.map((row) => row.key));
    await waitUntil(
      async () => {
        const { rows: now } = await scene.db.query<{ key: string; is_free: boolean }>(
          `WITH free AS MATERIALIZED (SELECT ${key} AS key FROM ${table} FOR NO KEY UPDATE SKIP LOCKED)
           SELECT t.${key} AS key, f.key IS NOT NULL AS is_free FROM ${table} t LEFT JOIN free f ON f.key = t.${key}`,
        );
        const held = new Set(now.filter((row) => !row.is_free).map((row) => row.key));
        for (const id of locked) if (!held.has(id)) locked.delete(id);
        return locked.size === 0;
      },
      {
        message: () => `${locked.size} rows of ${table} to be unlocked while a worker is paused`,
        timeoutMs: UNLOCKED_WITHIN_MS,
        intervalMs: 50,
      },
    );
  }
});
