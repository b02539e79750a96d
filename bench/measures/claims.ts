import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { type ClaimCost, claimCost } from '../claim.js';
import { rounded } from '../numbers.js';
import type { Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { registerWebhooks } from '../stand/work.js';
import { addPending, atItsCap, knownToAWorker, passUnderOldSnapshot, workersLive } from './queue-states.js';

const CLAIMED = 500;
/** Enough that none has to give more than its cap to a claim. */
const WEBHOOKS = 100;
const FEW = 1_000;

/** Shared buffers of a claim: by the length of the queue, behind one webhook at its cap, and under an old snapshot. */
export async function claims(stand: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(stand.postgres, 'bench_claims');
  const session = openPostgres({ connectionString: url, poolSize: 1 });
  const cost = (further?: readonly string[]): Promise<ClaimCost> => claimCost(session, CLAIMED, further);
  try {
    await registerWebhooks(db, stand.receivers, WEBHOOKS);
    const webhooks = await idsOf(db);
    await addPending(db, webhooks, FEW);
    const few = await cost();
    await workersLive(db, 2);
    const fewOfTwo = await cost();
    await workersLive(db, 0);

    const snapshot = await passUnderOldSnapshot(stand, { db, url }, { already: FEW, passing: sizes.passing });
    await addPending(db, webhooks, FEW);
    const old = await cost(await knownToAWorker(db));
    const oldToANewOne = await cost();
    await snapshot.end();
    await db.query('VACUUM ANALYZE', []);

    await addPending(db, webhooks, sizes.pending);
    const many = await cost();

    await registerWebhooks(db, stand.receivers, 1);
    const hot = (await idsOf(db)).filter((id) => !webhooks.includes(id));
    await addPending(db, hot, sizes.pending);
    await workersLive(db, 2);
    await atItsCap(db, hot, webhooks);
    const behind = await cost();

    const rows = [
      line(`${FEW} wait, of ${WEBHOOKS} webhooks`, few, few),
      line(`${sizes.pending + FEW} wait, of ${WEBHOOKS} webhooks`, many, few),
      line(`${FEW} wait, two workers live, so that caps are looked at`, fewOfTwo, fewOfTwo),
      line(`and ${sizes.pending} of one webhook at its cap besides ${sizes.pending}, two workers`, behind, fewOfTwo),
      line(`${FEW} wait, ${sizes.passing} have passed under an open snapshot; a worker that was there`, old, few),
      line('the same, a worker that has just come', oldToANewOne, few),
    ];
    return {
      name: 'claims',
      title: `A claim of ${CLAIMED}`,
      says:
        'Shared buffers, hit or read, by EXPLAIN (ANALYZE, BUFFERS) of the first claim that meets these rows in a warm session; milliseconds are the ' +
        `median of nine more. Each is rolled back. The age of the snapshot is that of the work that passed since it was taken, ${sizes.passing} ` +
        'deliveries claimed, made and recorded; nobody waited for ten minutes.',
      rows,
      targets: [
        { what: `${sizes.pending} pending over ${FEW}`, value: ratio(many, few), atMost: 1.5 },
        { what: `behind ${sizes.pending} of one webhook at its cap`, value: ratio(behind, fewOfTwo), atMost: 1.5 },
        { what: 'under an old snapshot', value: ratio(old, few), atMost: 3 },
      ],
    };
  } finally {
    await session.close();
    await close();
  }
}

async function idsOf(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM webhooks', []);
  return rows.map(({ id }) => id);
}

function line(state: string, { claimed, ms, buffers }: ClaimCost, base: ClaimCost) {
  return { state, claimed, buffers, ratio: ratio({ claimed, ms, buffers }, base), ms };
}

function ratio(one: ClaimCost, base: ClaimCost): number {
  return rounded(one.buffers / base.buffers);
}
