import { setTimeout as sleep } from 'node:timers/promises';
import { ENDPOINTS } from '../contenders/contender.js';
import { median, rounded } from '../numbers.js';
import type { Sizes } from '../sizes.js';
import { clock } from '../stand/clock.js';
import { createMigrated, type Migrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { payloads, registerWebhooks, TRIGGER_ONE, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';
import type { Costs } from './costs.js';
import { CLAIMING, NOTIFY_MS, SENDING, TAKING } from './pace.js';

/** So many events one by one tell what a lone one takes; fewer than 10 ms of a processor could not be told at all. */
const LONE = 200;
const LARGE_BYTES = 1_500;
const STORED = `SELECT sum(pg_total_relation_size(c.oid))::float8 AS bytes, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal FROM pg_class c
  WHERE c.relkind = 'r' AND c.relnamespace IN ('hookline'::regnamespace, 'public'::regnamespace)`;
const CONNECTIONS =
  'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

interface Space {
  readonly bytes: number;
  readonly wal: number;
}

/** What deliveries cost on this machine: of a round that makes many, and of lone ones. */
export async function calibrate({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Costs> {
  const site = await createMigrated(postgres, 'bench_costs');
  const { db, url } = site;
  try {
    const users = await registerWebhooks(db, receivers, ENDPOINTS);
    const processes = { postgres: postgres.pid };
    const { deliveries } = sizes;
    const one = (n: number) => db.query(TRIGGER_ONE, [payloads(1)[0] ?? '', users[n % users.length] ?? '']);
    // Plans and connections, before anything is counted.
    for (let n = 0; n < LONE; n += 1) await one(n);
    const alone = await timed(processes, async () => {
      for (let n = 0; n < LONE; n += 1) await one(n);
    });
    const triggerUs = per(alone.cpuMs['postgres'], LONE);

    const before = await connections(site);
    const child = await startWorkerProcess(built, { url });
    await untilRecorded(db, receivers, 2 * LONE);
    const whole = { ...processes, worker: child.pid, receiver: receivers.pid };
    const round = async (bytes: number) => {
      await receivers.reset();
      const from = await space(site);
      const texts = payloads(deliveries / ENDPOINTS, bytes);
      const triggered = await timed(processes, () => trigger(db, texts));
      const made = await timed(whole, () => untilRecorded(db, receivers, deliveries));
      const to = await space(site);
      const each = (value: number) => value / deliveries;
      return {
        triggerManyUs: per(triggered.cpuMs['postgres'], deliveries),
        cpuMs: made.cpuMs,
        stored: each(to.bytes - from.bytes),
        wal: each(to.wal - from.wal),
        payload: Buffer.byteLength(texts[0] ?? ''),
      };
    };
    await round(0);
    const usual = await round(0);
    const used = (await connections(site)) - before;
    const large = await round(LARGE_BYTES);

    await receivers.reset(true);
    const transactions = await child.call<number>('transactions');
    const committed: number[] = [];
    const lone = await timed(whole, async () => {
      for (let n = 0; n < LONE; n += 1) {
        await one(n);
        committed.push(clock());
        await receivers.until(n + 1);
        await sleep(2);
      }
      await untilRecorded(db, receivers, LONE);
    });
    const called = [...(await receivers.times()).values()].flat().sort((a, b) => a - b);
    const waitMs = median(committed.map((at, nth) => (called[nth] ?? Number.NaN) - at));
    const each = ((await child.call<number>('transactions')) - transactions) / LONE;
    await child.stop();
    const workerUs = per(usual.cpuMs['worker'], deliveries);
    const postgresUs = per(usual.cpuMs['postgres'], deliveries);
    const slope = (what: 'stored' | 'wal') => (large[what] - usual[what]) / (large.payload - usual.payload);
    const base = (what: 'stored' | 'wal') => Math.round(usual[what] - slope(what) * usual.payload);
    const postgresBatchUs = Math.max(
      0,
      Math.round((per(lone.cpuMs['postgres'], LONE) - postgresUs - triggerUs) / each),
    );
    // From the commit to the call: NOTIFY, a claim of one row, what the worker does with it.
    const claimMs = (postgresBatchUs + postgresUs * CLAIMING + workerUs * (TAKING + SENDING)) / 1000;
    return {
      workerUs,
      workerBatchUs: Math.max(0, Math.round((per(lone.cpuMs['worker'], LONE) - workerUs) / each)),
      postgresUs,
      postgresBatchUs,
      triggerUs,
      triggerManyUs: usual.triggerManyUs,
      commitMs: rounded(Math.max(0, alone.ms / LONE - triggerUs / 1000)),
      transactionMs: rounded(Math.max(0, waitMs - NOTIFY_MS - claimMs)),
      receiverUs: per(usual.cpuMs['receiver'], deliveries),
      walBytes: base('wal'),
      walPerPayloadByte: rounded(slope('wal')),
      storedBytes: base('stored'),
      storedPerPayloadByte: rounded(slope('stored')),
      connections: used,
    };
  } finally {
    await site.close();
  }
}

/** Microseconds for each of so many. Throws where the time of processes cannot be told. */
function per(ms: number | undefined, count: number): number {
  if (ms === undefined) throw new Error('the simulation needs /proc: costs are the CPU time of processes');
  return Math.round((ms * 1000) / count);
}

async function space({ db }: Migrated): Promise<Space> {
  const { rows } = await db.query<Space>(STORED, []);
  return rows[0] ?? { bytes: Number.NaN, wal: Number.NaN };
}

async function connections({ db }: Migrated): Promise<number> {
  return (await db.query<{ n: number }>(CONNECTIONS, [])).rows[0]?.n ?? 0;
}
