import type { Database } from '../../src/db/database.js';
import { createUser } from '../harness/databases.js';
import type { Script } from '../harness/receiver-server.js';

/** Webhooks of one user (a new one, unless named), one for each URL; `columns` are SQL. Gives their ids. */
export async function addWebhooks(
  db: Database,
  urls: readonly string[],
  columns: Readonly<Record<string, string>> = {},
  userId?: string,
): Promise<{ ids: string[]; userId: string }> {
  const owner = userId ?? (await createUser(db));
  const all = { retry_delay_seconds: '1', ...columns };
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO webhooks (user_id, name, url, ${Object.keys(all).join(', ')})
     SELECT $1::uuid, 'test', u, ${Object.values(all).join(', ')} FROM unnest($2::text[]) u RETURNING id`,
    [owner, urls],
  );
  return { ids: rows.map(({ id }) => id), userId: owner };
}

/** So many deliveries for each of the webhooks, as if their events were triggered in one transaction; `payload` is SQL over `n`, from 1. */
export async function addBacklog(
  db: Database,
  webhookIds: readonly string[],
  count: number,
  payload = "jsonb_build_object('n', n)",
): Promise<void> {
  await db.query(
    `INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload, max_attempts)
     SELECT w.id, w.user_id, 'video.generated', w.url, ${payload}, 1 + w.max_retries
     FROM generate_series(1, $2::int) n CROSS JOIN webhooks w WHERE w.id = ANY ($1::uuid[]) ORDER BY n, w.id`,
    [webhookIds, count],
  );
}

/** How many deliveries of the webhooks have each status. */
export async function statusesOf(db: Database, webhookIds: readonly string[]): Promise<Record<string, number>> {
  const { rows } = await db.query<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM webhook_deliveries WHERE webhook_id = ANY ($1::uuid[]) GROUP BY status',
    [webhookIds],
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

/** Counts the calls that are open at a receiver, in all and for each path. */
export class OpenCalls {
  readonly #now = new Map<string, number>();
  #most = new Map<string, number>();
  status = 200;

  constructor(public delayMs: number) {}

  /** Answers each call after about `delayMs`, so that several workers do not go in step. A call is counted out just before its answer, so that the next one never overlaps it by our own doing. */
  readonly script: Script = ({ url }) => {
    const { status } = this;
    const delayMs = Math.round(this.delayMs * (0.6 + 0.8 * Math.random()));
    for (const key of ['', url]) this.#add(key, 1);
    setTimeout(() => {
      for (const key of ['', url]) this.#add(key, -1);
    }, delayMs);
    return { delayMs, status };
  };

  /** Open now, of a path or in all. */
  now(path = ''): number {
    return this.#now.get(path) ?? 0;
  }

  /** The most that were open at once since the last `reset`. */
  most(path = ''): number {
    return this.#most.get(path) ?? 0;
  }

  reset(): void {
    this.#most = new Map(this.#now);
  }

  #add(key: string, by: number): void {
    const now = this.now(key) + by;
    this.#now.set(key, now);
    this.#most.set(key, Math.max(now, this.most(key)));
  }
}
