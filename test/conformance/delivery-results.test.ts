import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { AT, type Leased, leased, pick, type Result, recordResults, useHook } from './delivery-states.js';
import { makeHook, rows } from './spec-helpers.js';

describeOnPostgres('the result of an attempt', (ctx) => {
  const { db, hook, user, webhook, read, inAll } = useHook(ctx);
  const queued = async (id: string) => (await inAll('hookline.queue'))(id);
  const history = async (id: string) => (await inAll('hookline.webhook_delivery_attempts'))(id);
  const leasedOne = async (before = {}): Promise<Leased> => {
    const [row] = await leased(db(), hook(), [before]);
    if (row === undefined) throw new Error('nothing is leased');
    return row;
  };

  describe('what follows for the webhook', () => {
    const outcome = async (results: readonly Omit<Result, keyof Leased>[]) => {
      const all = await leased(
        db(),
        hook(),
        results.map(() => ({})),
      );
      await recordResults(
        db(),
        all.map((one, n) => ({ ...one, ...results[n] })),
      );
      return webhook();
    };

    it('is that it fails from its first failure on, until a success', async () => {
      expect(await outcome([{ response_status: 500 }, { response_status: null, error_code: 'timeout' }])).toMatchObject(
        {
          failing_since: AT,
          consecutive_failures: 2,
        },
      );
      expect(await outcome([{ response_status: 200 }])).toMatchObject({ failing_since: null, consecutive_failures: 0 });
      expect(await outcome([{ response_status: 200, error_code: 'headers_too_large' }])).toMatchObject({
        failing_since: AT,
      });
    });

    it("is nothing when the operator's proxy failed", async () => {
      expect(await outcome([{ response_status: null, error_code: 'proxy_error' }])).toMatchObject({
        failing_since: null,
        consecutive_failures: 0,
      });
    });

    it('is the end of a pause of failures, however it stands on the webhook', async () => {
      for (const set of ['failing_since = now()', 'consecutive_failures = 3', 'breaker_since = now()']) {
        await db().query(`UPDATE public.webhooks SET ${set} WHERE id = $1::uuid`, [hook()]);
        const its = await outcome([{ response_status: 200 }]);
        expect(its, set).toMatchObject({ failing_since: null, consecutive_failures: 0, breaker_since: null });
      }
    });
  });

  it.each([
    ['is_active = false', true],
    ["paused_until = now() + interval '1 hour'", true],
    ["paused_until = now() - interval '1 hour'", false],
    ['name = name', false],
  ])('of a webhook with %s, a success tells that it is stopped: %s', async (set, isStopped) => {
    const one = await leasedOne();
    await db().query(`UPDATE public.webhooks SET ${set} WHERE id = $1::uuid`, [hook()]);
    const told = await recordResults(db(), [{ ...one, response_status: 200 }]);
    const success = { is_recorded: true, status: 'success', next_retry_at: null, is_stopped: true };
    expect(told).toEqual(isStopped ? [{ ...pick(one), ...success }] : []);
    expect(await read(one.delivery_id)).toMatchObject({ status: 'success' });
  });

  describe('without its lease', () => {
    it('stays as it is, and the result joins the history once', async () => {
      const one = await leasedOne({ attempts: 1 });
      const before = await read(one.delivery_id);
      const result: Result = {
        ...one,
        lease_id: randomUUID(),
        request_url: 'https://late.example/',
        request_signature: 'sha256=late',
        response_status: 200,
        response_headers: { late: '1' },
        response_body: 'late',
      };
      for (const _ of [1, 2]) {
        expect(await recordResults(db(), [result])).toEqual([
          { ...pick(result), is_recorded: false, status: null, next_retry_at: null, is_stopped: false },
        ]);
      }
      expect(await read(one.delivery_id)).toEqual(before);
      expect(await queued(one.delivery_id)).toEqual([expect.objectContaining({ lease_id: one.lease_id })]);
      expect(await history(one.delivery_id)).toEqual([
        expect.objectContaining({
          attempt_number: 2,
          attempted_at: AT,
          request_url: 'https://late.example/',
          request_headers: { a: 'b' },
          request_signature: 'sha256=late',
          response_status: 200,
          response_headers: { late: '1' },
          response_body: 'late',
          response_time_ms: 7,
          is_late: true,
        }),
      ]);
      const other: Result = { ...one, lease_id: null, response_status: 201 };
      expect(await recordResults(db(), [other])).toMatchObject([{ lease_id: null, is_recorded: false }]);
      expect(await history(one.delivery_id)).toMatchObject([
        { is_late: true },
        { request_url: 'https://before.example/' },
      ]);
    });

    it('is told again when the writer never heard of it', async () => {
      const one = await leasedOne();
      const result: Result = { ...one, response_status: 500 };
      const [first] = await recordResults(db(), [result]);
      expect(await recordResults(db(), [result])).toEqual([first]);
      expect(await history(one.delivery_id)).toEqual([]);
      expect(await webhook()).toMatchObject({ total_deliveries: 0 });
    });

    it('is dropped with its delivery, and told as stopped with its webhook', async () => {
      const [one, other] = await leased(db(), hook(), [{}, {}]);
      if (one === undefined || other === undefined) throw new Error('nothing is leased');
      await db().query('DELETE FROM public.webhook_deliveries WHERE id = $1::uuid', [one.delivery_id]);
      const none = { is_recorded: false, status: null, next_retry_at: null };
      expect(await recordResults(db(), [{ ...one, response_status: 200 }])).toEqual([
        { ...pick(one), ...none, is_stopped: false },
      ]);
      await db().query('DELETE FROM public.webhooks WHERE id = $1::uuid', [hook()]);
      expect(await recordResults(db(), [{ ...other, response_status: 200 }])).toEqual([
        { ...pick(other), ...none, is_stopped: true },
      ]);
    });
  });

  it("is left for later while somebody else's transaction holds its webhook, and waits for it where that is asked", async () => {
    const free = (await makeHook(db(), user())).id;
    const held = await leasedOne();
    const [one] = await leased(db(), free, [{}]);
    if (one === undefined) throw new Error('nothing is leased');
    const result: Result = { ...held, response_status: 200 };
    let waiting: Promise<unknown> = Promise.resolve();
    let isOver = false;
    await db().transaction(async (tx) => {
      await tx.query('SELECT FROM public.webhooks WHERE id = $1::uuid FOR UPDATE', [hook()]);
      expect(await recordResults(db(), [result, { ...one, response_status: 200 }])).toEqual([
        { ...pick(held), is_recorded: null, status: null, next_retry_at: null, is_stopped: false },
      ]);
      expect(await read(one.delivery_id)).toMatchObject({ status: 'success' });
      expect(await read(held.delivery_id)).toMatchObject({ status: 'pending', attempt_number: 0 });
      expect(await history(held.delivery_id)).toEqual([]);
      expect(await queued(held.delivery_id)).toHaveLength(1);
      waiting = recordResults(db(), [result], true).then((told) => {
        isOver = true;
        return told;
      });
      // Whoever waits for the lock is seen to wait.
      await expect
        .poll(async () => (await rows(db(), "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length)
        .toBeGreaterThan(0);
      expect(isOver).toBe(false);
    });
    expect(await waiting).toEqual([]);
    expect(await read(held.delivery_id)).toMatchObject({ status: 'success' });
  });
});
