import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/db/database.js';
import { median, rounded } from '../numbers.js';
import type { Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { clock } from '../stand/clock.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

const LOOK_MS = 5;

interface Round {
  /** Milliseconds. */
  readonly statement: number;
  readonly firstByte: number;
  readonly lastClaim: number;
  readonly recorded: number;
}

/** One event to many webhooks in one statement, and whether its first deliveries are sent while others are still claimed. */
export async function fanOut({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(postgres, 'bench_fan_out');
  try {
    await registerWebhooks(db, receivers, sizes.webhooks);
    await db.query('ANALYZE', []);
    const child = await startWorkerProcess(built, { url });
    const rounds: Round[] = [];
    for (let round = 0; round <= sizes.rounds; round += 1) {
      await receivers.reset();
      await sleep(200);
      const began = clock();
      await trigger(db, payloads(1));
      const committed = clock();
      const claimed = untilClaimed(db);
      const first = await receivers.until(1);
      const last = await claimed;
      await untilRecorded(db, receivers, sizes.webhooks);
      const recorded = clock() - committed;
      const one = { statement: committed - began, firstByte: first - committed, lastClaim: last - committed, recorded };
      if (round > 0) rounds.push(one);
    }
    await child.stop();
    const middle = (of: (round: Round) => number): number => rounded(median(rounds.map(of)), 1);
    return {
      name: 'fan-out',
      title: `One event to ${sizes.webhooks} webhooks`,
      says:
        'One trigger_webhook_event; milliseconds, medians. The last claim is seen by looking every 5 ms for rows of the queue without a lease: it was ' +
        'later than the first byte by at least the difference less 5 ms.',
      rows: [
        {
          'statement, committed': middle(({ statement }) => statement),
          'commit → first byte': middle(({ firstByte }) => firstByte),
          'commit → last claim': middle(({ lastClaim }) => lastClaim),
          'commit → all recorded': middle((round) => round.recorded),
        },
      ],
      targets: [
        {
          what: 'first byte before the last claim, least of all rounds',
          value: rounded(Math.min(...rounds.map(({ firstByte, lastClaim }) => lastClaim - firstByte)), 1),
          atLeast: LOOK_MS,
          unit: 'ms',
        },
      ],
    };
  } finally {
    await close();
  }
}

/** When no row waits without a lease any more, by the shared clock. */
async function untilClaimed(db: Database): Promise<number> {
  for (;;) {
    const { rows } = await db.query<{ waits: boolean }>(
      'SELECT EXISTS (SELECT FROM hookline.queue WHERE lease_id IS NULL) AS waits',
      [],
    );
    if (rows[0]?.waits !== true) return clock();
    await sleep(LOOK_MS);
  }
}
