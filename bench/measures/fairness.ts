import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Queryable } from '../../src/db/database.js';
import { waitUntil } from '../../test/harness/wait-until.js';
import { ENDPOINTS } from '../contenders/contender.js';
import { median, quantile, rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { clock } from '../stand/clock.js';
import { createMigrated, type Migrated } from '../stand/postgres.js';
import type { Receivers } from '../stand/receivers.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, TRIGGER_ONE, trigger } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';
import { addPending } from './queue-states.js';

/** What stands beside the others: how many endpoints that hang, all of one user. */
const NEIGHBOURS = [
  { name: 'alone', says: 'the others alone', hanging: 0 },
  { name: 'one endpoint', says: 'beside one endpoint that hangs', hanging: 1 },
  { name: 'one user', says: 'beside one user with 100 endpoints that hang', hanging: 100 },
] as const;

/** Single events of the others, at this pace. */
const EVENTS = 400;
const PACE_MS = 10;
/** Until all calls hang that may. */
const SETTLE_MS = 1_000;
const LOOK_MS = 5;

// $1 int  how many webhooks, all of one user; $2 text  the URL, to which the number is added
const REGISTER_HANGING = `WITH owner AS (INSERT INTO auth.users DEFAULT VALUES RETURNING id)
INSERT INTO webhooks (user_id, name, url) SELECT o.id, 'hangs', $2::text || n FROM owner o, generate_series(1, $1::int) n RETURNING id`;
const LEFT = `SELECT EXISTS (SELECT FROM hookline.queue WHERE NOT is_waiting AND user_id = ANY ($1::uuid[])) AS left`;

interface Scene extends Migrated {
  readonly says: string;
  readonly users: readonly string[];
  readonly perSecond: number[];
  /** Milliseconds from commit to first byte at the 99th percentile, of each round. */
  readonly p99: number[];
}

/** What endpoints that hang, with a backlog, leave to everybody else: deliveries a second, and the wait of single events. */
export async function fairness(stand: Stand, sizes: Sizes): Promise<Section> {
  const scenes: Scene[] = [];
  try {
    for (const { name, says, hanging } of NEIGHBOURS) scenes.push(await build(stand, sizes, name, says, hanging));
    for (let round = 0; round <= sizes.rounds; round += 1) {
      for (const scene of round % 2 === 0 ? scenes : scenes.toReversed()) await measure(stand, sizes, scene, round > 0);
    }
    const [alone] = scenes;
    const over = (what: (scene: Scene) => readonly number[], scene: Scene): number =>
      rounded(median(what(scene)) / median(alone === undefined ? [] : what(alone)));
    return {
      name: 'fairness',
      title: 'What endpoints that hang leave to the others',
      says:
        `${ENDPOINTS} endpoints that answer, each of a user of its own; beside them, in a database of its own, one user whose endpoints take each call and never answer, with ` +
        `${sizes.hanging} deliveries waiting in all. A worker is started, has a second to run into them, then makes ${sizes.deliveries} deliveries of the others ` +
        `as fast as it can, and after that ${EVENTS} single events of theirs, one every ${PACE_MS} ms: from the commit to the first byte. Medians of ${sizes.rounds} rounds.`,
      rows: scenes.map(
        (scene): Row => ({
          others: scene.says,
          'deliveries/s': rounded(median(scene.perSecond), 0),
          'of alone': over(({ perSecond }) => perSecond, scene),
          'p99 ms': rounded(median(scene.p99), 1),
          'p99 over alone': over(({ p99 }) => p99, scene),
        }),
      ),
      targets: scenes.slice(1).flatMap((scene) => [
        { what: `throughput ${scene.says}`, value: over(({ perSecond }) => perSecond, scene), atLeast: 0.9 },
        { what: `p99 ${scene.says}`, value: over(({ p99 }) => p99, scene), atMost: 1.5 },
      ]),
    };
  } finally {
    for (const scene of scenes) await scene.close();
  }
}

async function build(
  { postgres, receivers }: Stand,
  sizes: Sizes,
  name: string,
  says: string,
  hanging: number,
): Promise<Scene> {
  const migrated = await createMigrated(postgres, `bench_fairness_${name.replace(' ', '_')}`);
  const users = await registerWebhooks(migrated.db, receivers, ENDPOINTS);
  if (hanging > 0) {
    const { rows } = await migrated.db.query<{ id: string }>(REGISTER_HANGING, [hanging, receivers.hangingUrl('')]);
    await addPending(
      migrated.db,
      rows.map(({ id }) => id),
      sizes.hanging,
    );
  }
  await migrated.db.query('ANALYZE', []);
  return { ...migrated, says, users, perSecond: [], p99: [] };
}

async function measure({ built, receivers }: Stand, sizes: Sizes, scene: Scene, counts: boolean): Promise<void> {
  const { db, url, users, perSecond, p99 } = scene;
  const child = await startWorkerProcess(built, { url });
  await sleep(SETTLE_MS);
  await receivers.reset();
  await trigger(db, payloads(sizes.deliveries / ENDPOINTS));
  const began = clock();
  await receivers.until(sizes.deliveries);
  await untilNothingIsLeft(db, users);
  const rate = sizes.deliveries / ((clock() - began) / 1000);
  const waits = await singleEvents(db, receivers, users);
  if (counts) {
    perSecond.push(rate);
    p99.push(quantile(waits, 0.99));
  }
  await child.stop();
}

/** Milliseconds from the commit of each event to its request's arrival. */
async function singleEvents(db: Database, receivers: Receivers, users: readonly string[]): Promise<number[]> {
  await receivers.reset(true);
  const committed = new Map<string, number[]>();
  const payload = payloads(1)[0] ?? '';
  const triggering: Promise<void>[] = [];
  for (let n = 0; n < EVENTS; n += 1) {
    const user = users[n % users.length] ?? '';
    triggering.push(
      db.query<{ webhook_url: string }>(TRIGGER_ONE, [payload, user]).then(({ rows }) => {
        const url = rows[0]?.webhook_url ?? '';
        committed.set(url, [...(committed.get(url) ?? []), clock()]);
      }),
    );
    await sleep(PACE_MS);
  }
  await Promise.all(triggering);
  await receivers.until(EVENTS);
  const arrived = await receivers.times();
  // Two events of one endpoint are a tenth of a second apart: the nth to be committed is the nth to arrive.
  return [...committed].flatMap(([url, times]) => times.map((at, nth) => (arrived.get(url)?.[nth] ?? Number.NaN) - at));
}

async function untilNothingIsLeft(db: Queryable, users: readonly string[]): Promise<void> {
  const isDone = async (): Promise<boolean> => !(await db.query<{ left: boolean }>(LEFT, [users])).rows[0]?.left;
  await waitUntil(isDone, { message: 'everything of the others is recorded', timeoutMs: 60_000, intervalMs: LOOK_MS });
}
