import type { Database, Queryable } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService, asUser } from '../../src/db/roles.js';
import { readAttempts, readDelivery } from '../../src/manage/deliveries/delivery.js';
import { type DeliveryFilter, listDeliveries } from '../../src/manage/deliveries/list.js';
import { countingBuffers } from '../../test/harness/buffers.js';
import { EVENT_TYPES, newWebhook } from '../history.js';
import { median, rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';

const FEW = 10_000;
const BATCH = 5_000;
const OF_SMALL_USER = 100;
const RUNS = 9;

// As a busy user has them, who has a webhook that is seldom called, too: each twice in its indexes, as it waited and as it ended; one in twenty failed. The
// last event type is told of no delivery.
// $1 uuid   the webhook that is called · $2 uuid  the one that is seldom called
// $3 int    the number of the first · $4 int  of the last
// $5 text[] event types, in turn
const MAKE = `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, created_at)
SELECT CASE WHEN n % 250 = 0 THEN $2::uuid ELSE $1::uuid END, ($5::text[])[1 + n % cardinality($5::text[])],
  jsonb_build_object('video_id', 'video-' || n, 'status', 'completed', 'padding', repeat('x', 400)),
  '2026-01-01'::timestamptz + n * interval '1 second'
FROM generate_series($3::int, $4::int) n RETURNING id`;
// $1 uuid[] deliveries
const END = `UPDATE webhook_deliveries SET status = CASE WHEN abs(hashtext(id::text)) % 20 = 0 THEN 'failed' ELSE 'success' END,
  attempt_number = 1, response_status = 200, response_time_ms = 20 WHERE id = ANY ($1::uuid[])`;

interface Read {
  readonly what: string;
  /** NULL: the service. */
  readonly user: string | null;
  run(tx: Queryable): Promise<unknown>;
}
type Cost = { readonly buffers: number; readonly ms: number };

/** Shared buffers of lists and details of deliveries, as the history of one user grows from ten thousand to `sizes.pending`. */
export async function lists(stand: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(stand.postgres, 'bench_lists');
  const session = openPostgres({ connectionString: url, poolSize: 1 });
  try {
    const [busy, small] = [await newWebhook(db), await newWebhook(db)];
    const seldom = await asUser(db, { sub: busy.user, role: 'authenticated' }, (tx) =>
      tx.query<{ id: string }>(
        "SELECT webhook_id AS id FROM create_webhook('seldom', 'https://receiver.example.com')",
        [],
      ),
    );
    const hooks = { busy: busy.id, seldom: seldom.rows[0]?.id ?? '', small: small.id };
    await addHistory(db, hooks.small, hooks.small, 1, OF_SMALL_USER);
    const reads = await readsOf(db, hooks, { busy: busy.user, small: small.user });
    await addHistory(db, hooks.busy, hooks.seldom, 1, FEW);
    const few = await costs(session, reads);
    await addHistory(db, hooks.busy, hooks.seldom, FEW + 1, sizes.pending);
    const many = await costs(session, reads);
    const rows = reads.map(({ what }, n): Row => line(what, few[n], many[n]));
    const worst = Math.max(...rows.map(({ ratio }) => Number(ratio)));
    return {
      name: 'lists',
      title: 'Lists of deliveries',
      says:
        `Shared buffers, hit or read, of everything that a page of 20 or a detail runs, under Row Level Security, in a warm session; the median of ${RUNS}. The history of ` +
        `one user grows from ${FEW} deliveries to ${sizes.pending}; beside it a small user has ${OF_SMALL_USER}. A page walks over 5000 deliveries at most.`,
      rows,
      targets: [{ what: `buffers at ${sizes.pending} deliveries over ${FEW}, at worst`, value: worst, atMost: 1.5 }],
    };
  } finally {
    await session.close();
    await close();
  }
}

/** Adds deliveries that end at once, and lets what follows them be as a quiet moment leaves it. */
async function addHistory(db: Database, busy: string, seldom: string, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += BATCH) {
    const last = Math.min(first + BATCH - 1, to);
    const made = await asService(db, (tx) =>
      tx.query<{ id: string }>(MAKE, [busy, seldom, first, last, EVENT_TYPES.slice(0, -1)]),
    );
    await asService(db, (tx) => tx.query(END, [made.rows.map(({ id }) => id)]));
  }
  await db.query('VACUUM ANALYZE webhook_deliveries', []);
}

async function readsOf(
  db: Database,
  hooks: { readonly busy: string; readonly seldom: string; readonly small: string },
  users: { readonly busy: string; readonly small: string },
): Promise<Read[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM webhook_deliveries WHERE status = $1 LIMIT 1', [
    'success',
  ]);
  const one = rows[0]?.id ?? '';
  const until = '2026-01-01T02:00:00Z';
  const page = (what: string, user: string | null, filter: DeliveryFilter = {}): Read => ({
    what,
    user,
    run: (tx) => listDeliveries(tx, filter, { limit: 20, after: null }),
  });
  return [
    page('a user’s', users.busy),
    page('… from the middle', users.busy, { until }),
    page('… of a webhook', users.busy, { webhookId: hooks.busy }),
    page('… of a webhook that is seldom called', users.busy, { webhookId: hooks.seldom }),
    page('… of an event type', users.busy, { eventType: 'credit.added' }),
    page('… of an event type that never was', users.busy, { eventType: 'webhook.disabled' }),
    page('… that failed', users.busy, { status: 'failed' }),
    page('… that failed, of a webhook', users.busy, { status: 'failed', webhookId: hooks.busy }),
    page('… that wait, where none does', users.busy, { status: 'pending' }),
    page('… that wait for a retry, where none does', users.busy, { status: 'retrying' }),
    page('a small user’s', users.small),
    page('… of an event type that never was', users.small, { eventType: 'webhook.disabled' }),
    page('… that failed', users.small, { status: 'failed' }),
    page('… of another’s webhook', users.small, { webhookId: hooks.busy }),
    page('the service’s, of everybody', null),
    page('the service’s, of a small user', null, { userId: users.small }),
    { what: 'one delivery', user: users.small, run: (tx) => readDelivery(tx, one) },
    { what: 'its attempts', user: users.small, run: (tx) => readAttempts(tx, one) },
  ];
}

async function costs(session: Database, reads: readonly Read[]): Promise<Cost[]> {
  const all: Cost[] = [];
  for (const { user, run } of reads) {
    const measured = async (tx: Queryable): Promise<Cost> => {
      const buffers: number[] = [];
      const ms: number[] = [];
      for (let n = 0; n < RUNS; n += 1) {
        const began = performance.now();
        await run(tx);
        ms.push(performance.now() - began);
        const counting = countingBuffers(tx);
        await run(counting);
        buffers.push(counting.buffers());
      }
      return { buffers: median(buffers), ms: rounded(median(ms)) };
    };
    const acted =
      user === null
        ? asService(session, measured, 'read')
        : asUser(session, { sub: user, role: 'authenticated' }, measured, 'read');
    all.push(await acted);
  }
  return all;
}

function line(what: string, few: Cost | undefined, many: Cost | undefined): Row {
  const [before, after] = [few?.buffers ?? Number.NaN, many?.buffers ?? Number.NaN];
  return {
    list: what,
    'buffers, few': before,
    'buffers, many': after,
    ratio: rounded(after / before),
    'ms, few': few?.ms ?? Number.NaN,
    'ms, many': many?.ms ?? Number.NaN,
  };
}
