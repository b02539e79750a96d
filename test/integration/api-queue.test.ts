import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listWorkers } from '../../src/manage/workers/workers.js';
import { makeHook } from '../conformance/spec-helpers.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

interface Queue {
  readonly waiting: number;
  readonly retrying: number;
  readonly in_flight: number;
  readonly oldest_due_at: string | null;
  readonly is_capped: boolean;
}

interface Put {
  readonly isRetry?: boolean;
  /** Seconds from now. */
  readonly due?: number;
  /** Seconds from now until its lease ends; absent: it is not leased. */
  readonly leased?: number;
  readonly worker?: string;
}

const EMPTY: Queue = { waiting: 0, retrying: 0, in_flight: 0, oldest_due_at: null, is_capped: false };
const PUT = `INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, lease_id, lease_worker, lease_ends_at)
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4::boolean, 2, $5::timestamptz, $5::timestamptz > now(), $6::uuid, $7::uuid, $8::timestamptz)`;
const LEASE = `INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
  VALUES ($1::uuid, $2::uuid, $3::timestamptz, true, ARRAY[$4::uuid, gen_random_uuid()])`;

describeOnPostgres('/v1/queue', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let hook: string;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    await ctx.db().query('TRUNCATE hookline.queue, hookline.leases, hookline.workers', []);
    owner = await api.user();
    hook = (await makeHook(ctx.db(), owner.id)).id;
  });

  const read = async (bearer = owner.bearer): Promise<Queue> =>
    (await api.call<Queue>('GET', '/v1/queue', { bearer })).body;
  const ofService = async (query = ''): Promise<Queue> => (await api.service<Queue>('GET', `/v1/queue${query}`)).body;
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

  /** Puts one row by hand, and its lease; gives when it is due. */
  const put = async ({ isRetry = false, due = 0, leased, worker }: Put = {}, user = owner.id, webhook = hook) => {
    const [id, lease, dueAt] = [randomUUID(), randomUUID(), inSeconds(due)];
    const held = leased === undefined ? [null, null, null] : [lease, worker ?? null, inSeconds(leased)];
    await ctx.db().query(PUT, [id, webhook, user, isRetry, dueAt, ...held]);
    if (leased !== undefined) await ctx.db().query(LEASE, [lease, worker ?? null, inSeconds(leased), id]);
    return dueAt.replace('Z', '000Z');
  };

  it('says nothing of an empty one', async () => {
    expect(await read()).toEqual(EMPTY);
    expect(await ofService()).toEqual(EMPTY);
  });

  it('tells what waits, what is retried and what is in flight', async () => {
    for (let nth = 0; nth < 3; nth += 1) await put({ due: -10 });
    const oldest = await put({ due: -600, isRetry: true });
    await put({ due: 600, isRetry: true });
    await put({ due: -9_000, leased: 60 });
    await put({ due: -9_000, leased: 60, isRetry: true });
    // A lease that has ended holds nothing any more.
    await put({ due: -20, leased: -5 });
    const expected = { waiting: 4, retrying: 2, in_flight: 2, oldest_due_at: oldest, is_capped: false };
    expect(await read()).toEqual(expected);
    expect(await ofService()).toEqual(expected);
    expect(await ofService(`?user_id=${owner.id}`)).toEqual(expected);
  });

  it('has nothing that is due where everything waits for its time, or is in flight', async () => {
    await put({ due: 600, isRetry: true });
    await put({ due: -600, leased: 60 });
    expect(await read()).toMatchObject({ retrying: 1, in_flight: 1, oldest_due_at: null });
  });

  it('is the caller’s own; the service sees that of all, or of the user that it names', async () => {
    const stranger = await api.user();
    const theirs = (await makeHook(ctx.db(), stranger.id)).id;
    await put();
    await put({ leased: 60 }, stranger.id, theirs);
    await put({ due: 600, isRetry: true }, stranger.id, theirs);
    expect(await read()).toMatchObject({ waiting: 1, retrying: 0, in_flight: 0 });
    expect(await read(stranger.bearer)).toMatchObject({ waiting: 0, retrying: 1, in_flight: 1 });
    expect(await read((await api.user()).bearer)).toEqual(EMPTY);
    expect(await ofService()).toMatchObject({ waiting: 1, retrying: 1, in_flight: 1 });
    expect(await ofService(`?user_id=${stranger.id}`)).toMatchObject({ waiting: 0, retrying: 1, in_flight: 1 });
  });

  it('is counted up to 100,000, and says when there is more', async () => {
    const many = `INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting)
      SELECT gen_random_uuid(), $1::uuid, $2::uuid, n % 2 = 0, 2, now() + (n % 2) * interval '-1 hour', false FROM generate_series(1, $3::int) n`;
    await ctx.db().query(many, [hook, owner.id, 100_000]);
    const whole = { waiting: 50_000, retrying: 50_000, in_flight: 0, is_capped: false };
    expect(await read()).toMatchObject(whole);
    expect(await ofService()).toMatchObject(whole);
    await ctx.db().query(many, [hook, owner.id, 2_000]);
    await put({ leased: 60 });
    for (const counted of [await read(), await ofService(`?user_id=${owner.id}`), await ofService()]) {
      expect(counted.is_capped).toBe(true);
      expect(counted.waiting + counted.retrying).toBeGreaterThan(99_998);
      expect(counted.waiting + counted.retrying).toBeLessThanOrEqual(100_000);
    }
    expect((await ofService()).in_flight).toBe(1);
    const small = await api.user();
    await put({}, small.id, (await makeHook(ctx.db(), small.id)).id);
    expect(await read(small.bearer)).toMatchObject({ waiting: 1, is_capped: false });
  });

  it('has workers, who are alive while they beat, with what each holds', async () => {
    const [live, old] = [randomUUID(), randomUUID()];
    const sql = `INSERT INTO hookline.workers (id, name, started_at, heartbeat_at, is_idle, rollbacks, calls_per_webhook, calls_per_user)
      VALUES ($1::uuid, $2, now() - interval '1 hour' * $3::int, now() - interval '1 second' * $4::int, $5::boolean, 7, $6::int, $6::int)`;
    await ctx.db().query(sql, [live, 'live', 1, 0, true, 8]);
    await ctx.db().query(sql, [old, 'old', 2, 16, false, null]);
    await put({ leased: 60, worker: live });
    await put({ leased: 60, worker: live });
    await put({ leased: -1, worker: live });
    await put({ leased: 60, worker: old });
    // Taken over: it stands under both, and the one who took it holds it.
    const [id, lease] = [randomUUID(), randomUUID()];
    await ctx.db().query(PUT, [id, hook, owner.id, false, inSeconds(0), lease, live, inSeconds(60)]);
    for (const worker of [old, live]) await ctx.db().query(LEASE, [lease, worker, inSeconds(60), id]);

    const time = expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/);
    const common = { started_at: time, heartbeat_at: time, rollbacks: 7 };
    expect((await api.service('GET', '/v1/workers')).body).toEqual({
      data: [
        {
          ...common,
          id: live,
          name: 'live',
          is_alive: true,
          is_idle: true,
          in_flight: 3,
          calls_per_webhook: 8,
          calls_per_user: 8,
        },
        {
          ...common,
          id: old,
          name: 'old',
          is_alive: false,
          is_idle: false,
          in_flight: 1,
          calls_per_webhook: null,
          calls_per_user: null,
        },
      ],
    });
    // In one transaction no time goes by: however slow this machine is, no 15 seconds are over.
    const after = await ctx.db().transaction(async (tx) => {
      const beat = "heartbeat_at = now() - interval '1 second' * CASE id WHEN $1::uuid THEN 14 ELSE 16 END";
      await tx.query(`UPDATE hookline.workers SET ${beat}`, [live]);
      return JSON.parse(await listWorkers(tx));
    });
    expect(after).toMatchObject([
      { id: live, is_alive: true },
      { id: old, is_alive: false },
    ]);
    expect((await ofService()).in_flight).toBe(4);
    const { status, body } = await api.call('GET', '/v1/workers', { bearer: owner.bearer });
    expect([status, body['code']]).toEqual([403, 'forbidden']);
  });
});
