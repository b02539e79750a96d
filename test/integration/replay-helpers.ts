import type { Database } from '../../src/db/database.js';
import { type ReplayOptions, startReplayLoop } from '../../src/maintain/replay/replay.js';
import { asUserId } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';

/** How a delivery stands: the four statuses of the specification. */
export type Status = 'pending' | 'success' | 'retrying' | 'failed';

/** What the owner sees of a replay. */
export interface ReplayRow {
  readonly state: string;
  readonly total: number;
  readonly created: number;
  readonly waiting_for: string | null;
  readonly started: boolean;
  readonly ended: boolean;
}

/** What a replay made, in order of creation. */
export interface MadeRow {
  readonly id: string;
  readonly replay_of: string;
  readonly n: number;
  readonly status: Status;
  readonly [column: string]: unknown;
}

/** Puts deliveries of a webhook, made a minute apart, the last one a minute ago, with payloads {"n": 1}, {"n": 2}, …; gives their ids in order. */
export async function putDeliveries(
  db: Database,
  webhook: { readonly id: string },
  statuses: readonly Status[],
  replayOf: string | null = null,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string; n: number }>(
    `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, event_id, replay_of, created_at)
     SELECT $1::uuid, 'video.generated', jsonb_build_object('n', s.n), s.status, 1, gen_random_uuid(), $3::uuid,
            now() - ($4::int - s.n + 1) * interval '1 minute'
     FROM unnest($2::text[]) WITH ORDINALITY s (status, n)
     RETURNING id, (request_payload ->> 'n')::int AS n`,
    [webhook.id, [...statuses], replayOf, statuses.length],
  );
  return [...rows].sort((one, other) => one.n - other.n).map(({ id }) => id);
}

/** As `putDeliveries`, many of one status; `at` is SQL for when the n-th was made. */
export async function putMany(
  db: Database,
  webhook: { readonly id: string },
  status: Status,
  count: number,
  at = "now() - interval '1 hour' + n * interval '1 ms'",
): Promise<void> {
  await db.query(
    `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, created_at)
     SELECT $1::uuid, 'video.generated', jsonb_build_object('n', n), $2::text, 1, ${at} FROM generate_series(1, $3::int) n`,
    [webhook.id, status, count],
  );
}

export interface Wanted {
  /** SQL; default: all times. */
  readonly since?: string;
  readonly until?: string;
  readonly status?: string;
  readonly rate?: number | null;
}

type Webhook = { readonly id: string; readonly userId: string };

/** `count_webhook_replay` as the owner, or as `userId`. */
export async function countReplay(db: Database, webhook: Webhook, wanted: Wanted = {}): Promise<number> {
  const { since = "'-infinity'", until = 'NULL', status = 'failed' } = wanted;
  const { rows } = await asUserId(db, webhook.userId, (tx) =>
    tx.query<{ total: number }>(
      `SELECT total::int AS total FROM count_webhook_replay($1::uuid, ${since}, $2::text, ${until})`,
      [webhook.id, status],
    ),
  );
  return rows[0]?.total ?? -1;
}

/** `create_webhook_replay` as the owner, at 1,000 a second unless another rate is wanted. */
export async function createReplay(db: Database, webhook: Webhook, wanted: Wanted = {}): Promise<[string, number]> {
  const { since = "'-infinity'", until = 'NULL', status = 'failed', rate = 1_000 } = wanted;
  const { rows } = await asUserId(db, webhook.userId, (tx) =>
    tx.query<{ id: string; total: number }>(
      `SELECT replay_id AS id, total::int AS total FROM create_webhook_replay($1::uuid, ${since}, $2::text, ${until}, $3::int)`,
      [webhook.id, status, rate],
    ),
  );
  return [rows[0]?.id ?? '', rows[0]?.total ?? -1];
}

/** The replay as its owner sees it. */
export async function watch(db: Database, webhook: Webhook, id: string): Promise<ReplayRow | undefined> {
  const { rows } = await asUserId(db, webhook.userId, (tx) =>
    tx.query<ReplayRow>(
      `SELECT state, total::int AS total, created::int AS created, waiting_for, started_at IS NOT NULL AS started, ended_at IS NOT NULL AS ended
       FROM webhook_replays WHERE id = $1::uuid`,
      [id],
    ),
  );
  return rows[0];
}

/** Waits until the replay is as `condition` wants it. */
export function watchUntil(
  db: Database,
  webhook: Webhook,
  id: string,
  condition: (row: ReplayRow) => boolean,
): Promise<ReplayRow> {
  let last: ReplayRow | undefined;
  return waitUntil(
    async () => {
      last = await watch(db, webhook, id);
      return last !== undefined && condition(last) ? last : undefined;
    },
    { message: () => `the replay; it is ${JSON.stringify(last)}`, timeoutMs: 20_000 },
  );
}

/** Runs `count` loops, as in as many workers, while `during` runs. */
export async function withLoops<T>(
  db: Database,
  count: number,
  during: () => Promise<T>,
  options: Partial<ReplayOptions> = {},
): Promise<T> {
  const loops = Array.from({ length: count }, () => startReplayLoop({ db, log: silent, intervalMs: 20, ...options }));
  try {
    return await during();
  } finally {
    await Promise.all(loops.map((loop) => loop.stop()));
  }
}

/** Creates a replay and runs it to its end; gives its id and how it ended. */
export async function replay(db: Database, webhook: Webhook, wanted: Wanted = {}): Promise<ReplayRow & { id: string }> {
  const [id] = await createReplay(db, webhook, wanted);
  return { ...(await runToEnd(db, webhook, id)), id };
}

/** Runs a replay to its end. */
export function runToEnd(db: Database, webhook: Webhook, id: string): Promise<ReplayRow> {
  return withLoops(db, 1, () => watchUntil(db, webhook, id, ({ state }) => state !== 'running'));
}

/** The deliveries that a replay made, in the order in which they are queued. */
export async function made(db: Database, id: string): Promise<MadeRow[]> {
  const { rows } = await db.query<MadeRow>(
    `SELECT *, (request_payload ->> 'n')::int AS n FROM webhook_deliveries WHERE metadata ->> 'replay_id' = $1 ORDER BY created_at, n`,
    [id],
  );
  return rows;
}
