import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { claim } from '../../src/deliver/claim/claim.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import type { Attempted } from '../../src/deliver/record/record.js';
import { Recorder } from '../../src/deliver/record/recorder.js';
import { RollbackCounter } from '../../src/observe/rollbacks.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks } from './backlogs.js';

/** A batch so large that the next results wait for others. */
const MANY = 20;

describeOnEachDatabase('results under load', (ctx) => {
  // Results that gather do so for ever: what is written did not wait for the timer.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await ctx.db().query('TRUNCATE webhooks CASCADE');
  });

  async function attempts(status: (nth: number) => number): Promise<Attempted[]> {
    const { ids } = await addWebhooks(ctx.db(), ['https://a.example/hook']);
    await addBacklog(ctx.db(), ids, MANY + 2);
    const claimed = await claim(ctx.db(), new DatabaseClock(), randomUUID(), {
      deliveries: MANY + 2,
      perWebhook: MANY + 2,
      bytes: 1e9,
      excluded: { webhooks: [], users: [] },
    });
    return claimed.map((delivery, nth) => ({
      prepared: prepare(delivery, Date.now()),
      outcome: { kind: 'responded', status: status(nth), headers: {}, body: '', timeMs: 1 },
    }));
  }

  function recorder(mayGather: boolean) {
    const done: Attempted[] = [];
    const db = ctx.db();
    const rollbacks = new RollbackCounter();
    const made = new Recorder({
      db,
      log: silent,
      rollbacks,
      mayGather: () => mayGather,
      onDone: (attempted) => done.push(attempted),
    });
    const until = (count: number) =>
      waitUntil(() => done.length === count, { message: () => `${done.length} written` });
    return { made, done, until };
  }

  /** A recorder that has written a large batch and was given one success more; the last of `all` is a failure. */
  async function withOneMore(mayGather: boolean) {
    const all = await attempts((nth) => (nth === MANY + 1 ? 500 : 200));
    const { made, done, until } = recorder(mayGather);
    for (const attempted of all.slice(0, MANY)) made.add(attempted);
    await until(MANY);
    made.add(all[MANY] as Attempted);
    return { all, made, done, until };
  }

  it('gather, until one of them is a failure', async () => {
    const { all, made, done, until } = await withOneMore(true);
    await ctx.db().query('SELECT 1');
    expect(done).toHaveLength(MANY);
    made.add(all[MANY + 1] as Attempted);
    await until(MANY + 2);
  });

  it('do not gather while they count against the caps', async () => {
    const { until } = await withOneMore(false);
    await until(MANY + 1);
  });

  it('that gather are written when no more are coming', async () => {
    const { made, done, until } = await withOneMore(true);
    await ctx.db().query('SELECT 1');
    expect(done).toHaveLength(MANY);
    made.lull();
    await until(MANY + 1);
  });

  it('that gather are written when the worker stops', async () => {
    const { made, until } = await withOneMore(true);
    await made.drain(5_000);
    await until(MANY + 1);
  });
});
