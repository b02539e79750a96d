import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { claim } from '../../src/deliver/claim/claim.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import type { Attempted } from '../../src/deliver/record/record.js';
import { Recorder } from '../../src/deliver/record/recorder.js';
import { RollbackCounter } from '../../src/observe/rollbacks.js';
import { captureLog } from '../harness/captured-log.js';
import { describeOnEachDatabase } from '../harness/databases.js';
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

  function recorder(mayGather: boolean, db = ctx.db(), onDone?: (attempted: Attempted) => void) {
    const done: Attempted[] = [];
    const { log, lines } = captureLog();
    const rollbacks = new RollbackCounter();
    const made = new Recorder({
      db,
      log,
      rollbacks,
      mayGather: () => mayGather,
      onDone(attempted) {
        done.push(attempted);
        onDone?.(attempted);
      },
    });
    const until = (count: number) =>
      waitUntil(() => done.length === count, { message: () => `${done.length} written` });
    return { made, done, until, lines };
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

  it('that cannot be written in time are told of when the worker stops', async () => {
    const [one] = await attempts(() => 200);
    const { made, lines } = recorder(false, { ...ctx.db(), atOnce: () => new Promise(() => undefined) });
    made.add(one as Attempted);
    const drained = made.drain(2_000);
    await vi.advanceTimersByTimeAsync(2_000);
    await drained;
    expect(lines('results.unconfirmed')).toMatchObject([{ results: 1 }]);
  });

  it('are told one by one, also after one of which telling fails', async () => {
    const [first, ...others] = await attempts(() => 200);
    const deliveryId = first?.prepared.delivery.deliveryId;
    const { made, until, lines } = recorder(false, ctx.db(), (attempted) => {
      if (attempted === first) throw new Error('not told');
    });
    for (const attempted of [first, ...others.slice(1)]) made.add(attempted as Attempted);
    await until(others.length);
    made.add(others[0] as Attempted);
    await until(others.length + 1);
    expect(lines('result.not_told')).toMatchObject([{ delivery_id: deliveryId }]);
  });

  it('of which PostgreSQL refuses the headers are written without them, also when there is no body', async () => {
    await ctx.db().query(`
      CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON webhook_deliveries FOR EACH ROW WHEN (NEW.response_headers ? 'x-refused') EXECUTE FUNCTION public.refuse()`);
    const [one] = await attempts(() => 200);
    if (one?.outcome.kind !== 'responded') throw new Error('no attempt');
    const { made, until } = recorder(false);
    made.add({ ...one, outcome: { ...one.outcome, headers: { 'x-refused': '1' } } });
    await until(1);
    const { rows } = await ctx.db().query("SELECT response_headers FROM webhook_deliveries WHERE status = 'success'");
    expect(rows).toEqual([{ response_headers: {} }]);
    await ctx.db().query('DROP FUNCTION public.refuse() CASCADE');
  });

  it('that gather are written when the worker stops', async () => {
    const { made, until } = await withOneMore(true);
    await made.drain(5_000);
    await until(MANY + 1);
  });
});
