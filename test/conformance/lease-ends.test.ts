import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type Leased, leased, useHook } from './delivery-states.js';
import { one, rows } from './spec-helpers.js';

describeOnPostgres('a delivery that nobody attends to', (ctx) => {
  const { db, hook, inAll, read } = useHook(ctx);
  afterEach(async () => {
    await db().query('DELETE FROM public.webhooks');
    await db().query('DELETE FROM hookline.leases');
    await db().query('DELETE FROM hookline.workers');
  });
  const leases = () => rows(db(), 'SELECT * FROM hookline.leases');
  const isLeased = async (id: string) => (await inAll('hookline.queue'))(id)[0]?.['lease_id'] !== null;
  const worker = async (heartbeat: string): Promise<string> => {
    const id = randomUUID();
    await db().query(
      "INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES ($1::uuid, 'test', now() + $2::interval)",
      [id, heartbeat],
    );
    return id;
  };
  /** One delivery under a lease of a worker's, which ends so long from now. */
  async function hold(ends: string, by: string | null = null): Promise<Leased> {
    const [held] = await leased(db(), hook(), [{}]);
    if (held === undefined) throw new Error('nothing is leased');
    await db().query(
      'UPDATE hookline.queue SET lease_worker = $2::uuid, lease_ends_at = now() + $3::interval, is_counted = true WHERE delivery_id = $1::uuid',
      [held.delivery_id, by, ends],
    );
    await db().query(
      `INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
       VALUES ($1::uuid, $2::uuid, now() + $3::interval, true, ARRAY[$4::uuid])`,
      [held.lease_id, by, ends, held.delivery_id],
    );
    return held;
  }
  const call = async (sql: string, params: (string | number | boolean)[] = []) =>
    (await one<{ n: number }>(db(), `SELECT ${sql} AS n`, params)).n;
  /** `free_dead_leases`, as if the workers had been heard of so long ago just now, however long it took to get here. */
  const freeDead = (heartbeats: Readonly<Record<string, string>> = {}): Promise<number> =>
    db().transaction(async (tx) => {
      for (const [id, heartbeat] of Object.entries(heartbeats)) {
        const beat = 'UPDATE hookline.workers SET heartbeat_at = now() + $2::interval WHERE id = $1::uuid';
        await tx.query(beat, [id, heartbeat]);
      }
      return (await one<{ n: number }>(tx, 'SELECT hookline.free_dead_leases() AS n')).n;
    });

  describe('free_dead_leases', () => {
    it('frees what is under a lease that has ended, and what a worker holds that is not heard of, and no more', async () => {
      const [alive, dead] = [await worker('-10 seconds'), await worker('-20 seconds')];
      const over = await hold('-1 second', alive);
      const orphan = await hold('1 minute', dead);
      const kept = [await hold('1 minute', alive), await hold('1 minute')];
      expect(await freeDead({ [alive]: '-10 seconds' })).toBe(2);
      for (const { delivery_id } of [over, orphan]) {
        const [row] = (await inAll('hookline.queue'))(delivery_id);
        expect(row).toMatchObject({ lease_id: null, lease_worker: null, is_counted: false });
      }
      for (const { delivery_id } of kept) expect(await isLeased(delivery_id)).toBe(true);
      expect(await rows(db(), 'SELECT id FROM hookline.workers')).toEqual([{ id: alive }]);
      // A lease is forgotten once it is over and nothing is held under it: at the next look.
      expect(await freeDead({ [alive]: '-10 seconds' })).toBe(0);
      expect((await leases()).map((row) => row['lease_id']).sort()).toEqual(
        [orphan, ...kept].map((row) => row.lease_id).sort(),
      );
    });

    it('leaves what another worker has taken over since, or holds under another lease', async () => {
      const [alive, dead] = [await worker('0 seconds'), await worker('-20 seconds')];
      const taken = await hold('1 minute', dead);
      await db().query('UPDATE hookline.queue SET lease_worker = $2::uuid WHERE delivery_id = $1::uuid', [
        taken.delivery_id,
        alive,
      ]);
      const renewed = await hold('-1 second', alive);
      await db().query(
        "UPDATE hookline.queue SET lease_id = gen_random_uuid(), lease_ends_at = now() + interval '1 minute' WHERE delivery_id = $1::uuid",
        [renewed.delivery_id],
      );
      const prolonged = await hold('-1 second', alive);
      await db().query(
        "UPDATE hookline.queue SET lease_ends_at = now() + interval '1 minute' WHERE delivery_id = $1::uuid",
        [prolonged.delivery_id],
      );
      expect(await freeDead({ [alive]: '0 seconds' })).toBe(0);
      for (const { delivery_id } of [taken, renewed, prolonged]) expect(await isLeased(delivery_id)).toBe(true);
    });
  });

  it('free_leases frees what is held under the leases that are named, or what of it nobody has taken over', async () => {
    const [plain, taken, other] = [await hold('1 minute'), await hold('1 minute'), await hold('1 minute')];
    await db().query('UPDATE hookline.queue SET taken_lease = lease_id WHERE delivery_id = $1::uuid', [
      taken.delivery_id,
    ]);
    await db().query('UPDATE hookline.queue SET taken_lease = gen_random_uuid() WHERE delivery_id = $1::uuid', [
      plain.delivery_id,
    ]);
    const free = (notTaken: boolean) =>
      call('hookline.free_leases(ARRAY[$1, $2]::uuid[], $3::boolean)', [
        plain.lease_id ?? '',
        taken.lease_id ?? '',
        notTaken,
      ]);
    expect(await free(true)).toBe(1);
    expect([await isLeased(plain.delivery_id), await isLeased(taken.delivery_id)]).toEqual([false, true]);
    expect(await free(false)).toBe(1);
    const [row] = (await inAll('hookline.queue'))(taken.delivery_id);
    expect(row).toMatchObject({ lease_id: null, lease_worker: null, is_counted: false });
    expect(await isLeased(other.delivery_id)).toBe(true);
  });

  describe('fail_waiting', () => {
    const LONG_AGO = "now() - interval '99 days'";
    const inactive = `is_active = false, inactive_since = ${LONG_AGO}`;
    const paused = `paused_since = ${LONG_AGO}, paused_until = now() + interval '1 day'`;
    const unverified = `is_verified = false, unverified_since = ${LONG_AGO}`;

    /** A delivery of long ago, free to be claimed, of a webhook that is so, and what came of it. */
    async function waited(webhook: string, change = `created_at = ${LONG_AGO}`, isHeld = false) {
      const [{ delivery_id: id } = { delivery_id: '' }] = await leased(db(), hook(), [{}]);
      // A change of the webhook keeps its times up to date by triggers: what is set here stands.
      await db().query(`SET session_replication_role = replica; UPDATE public.webhooks SET ${webhook} WHERE id = '${hook()}';
        UPDATE public.webhook_deliveries SET ${change} WHERE id = '${id}'; SET session_replication_role = DEFAULT`);
      if (!isHeld) {
        await db().query(
          'UPDATE hookline.queue SET lease_id = NULL, lease_ends_at = NULL WHERE delivery_id = $1::uuid',
          [id],
        );
      }
      const failed = await call('hookline.fail_waiting(10)');
      const { status, error_code: code, error_message: message, failed_at, next_retry_at } = await read(id);
      const isEnded = failed_at !== null && next_retry_at === null;
      return { failed, status, code, message, isEnded };
    }
    const failed = (code: string, message: RegExp) => ({
      failed: 1,
      status: 'failed',
      code,
      message: expect.stringMatching(message),
      isEnded: true,
    });
    const waits = expect.objectContaining({ failed: 0, status: 'pending' });
    const setVerification = (verification: string) =>
      db().query('UPDATE hookline.settings SET verification = $1', [verification]);

    it('fails what has waited too long for a webhook that may not be called, and says why', async () => {
      expect(await waited(inactive)).toEqual(failed('webhook_inactive', /inactive/));
    });
    it('also where nobody knows since when it is inactive but since it was made', async () => {
      expect(await waited(`is_active = false, inactive_since = NULL, created_at = ${LONG_AGO}`)).toEqual(
        failed('webhook_inactive', /inactive/),
      );
    });
    it('also for one that is paused, or whose breaker is open', async () => {
      expect(await waited(paused)).toEqual(failed('expired', /paused, or failed/));
      await db().query('UPDATE public.webhooks SET paused_since = NULL, paused_until = NULL');
      expect(await waited(`paused_since = NULL, paused_until = NULL, breaker_since = ${LONG_AGO}`)).toEqual(
        failed('expired', /paused, or failed/),
      );
    });
    it('also for one that is unverified, where that is required', async () => {
      await setVerification('required');
      try {
        expect(await waited(unverified)).toEqual(failed('webhook_unverified', /unverified/));
        expect(await waited(`${unverified}, ${paused}`)).toEqual(failed('webhook_unverified', /unverified/));
        expect(await waited(`${inactive}, is_verified = false`)).toEqual(failed('webhook_inactive', /inactive/));
        const sinceAWhile = "is_verified = false, unverified_since = now() - interval '1 hour'";
        expect(await waited(`is_active = true, ${sinceAWhile}, paused_since = NULL, paused_until = NULL`)).toEqual(
          waits,
        );
      } finally {
        await setVerification('on_request');
      }
      expect(await waited(`is_active = true, ${unverified}, paused_since = NULL, paused_until = NULL`)).toEqual(waits);
    });

    it.each([
      ['that may be called', 'is_active = true'],
      ['that is inactive since a while', "is_active = false, inactive_since = now() - interval '1 hour'"],
      ['whose pause is over', `paused_since = ${LONG_AGO}, paused_until = now() - interval '1 second'`],
      [
        'that is paused since a while',
        "paused_since = now() - interval '1 hour', paused_until = now() + interval '1 day'",
      ],
      ['whose breaker is open since a while', "breaker_since = now() - interval '1 hour'"],
    ])('leaves it for a webhook %s', async (_, webhook) => {
      expect(await waited(webhook)).toEqual(waits);
    });

    it('leaves what is new, what is to be retried since a while alone, and what is under way', async () => {
      expect(await waited(inactive, 'created_at = now()')).toEqual(waits);
      expect(await waited(inactive, `created_at = ${LONG_AGO}, next_retry_at = now()`)).toEqual(waits);
      expect(await waited(inactive, `created_at = ${LONG_AGO}`, true)).toEqual(waits);
    });

    it('keeps to its limit', async () => {
      const all = await leased(db(), hook(), [{}, {}, {}]);
      await db().query('UPDATE hookline.queue SET lease_id = NULL, lease_ends_at = NULL');
      await db().query(`SET session_replication_role = replica; UPDATE public.webhooks SET ${inactive};
        UPDATE public.webhook_deliveries SET created_at = ${LONG_AGO}; SET session_replication_role = DEFAULT`);
      expect([await call('hookline.fail_waiting(2)'), await call('hookline.fail_waiting(2)')]).toEqual([2, 1]);
      expect(all).toHaveLength(3);
    });
  });
});
