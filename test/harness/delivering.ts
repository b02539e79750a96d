import pino from 'pino';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { startWorker, type Worker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import type { Keyring } from '../../src/secrets/keyring.js';
import { asUserId, createUser } from './databases.js';
import { waitUntil } from './wait-until.js';

export const silent = pino({ level: 'silent' });

export interface DeliveryRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly status: string;
  readonly attempt_number: number;
  readonly max_attempts: number;
  readonly response_status: number | null;
  readonly response_body: string | null;
  readonly error_code: string | null;
  readonly next_retry_at: Date | null;
  readonly [column: string]: unknown;
}

/** A worker on the database that may reach loopback; `stop` ends it and its connections. */
export async function startTestWorker(
  db: Database,
  options: { concurrency?: number; allowNetworks?: readonly string[]; keyring?: Keyring } = {},
): Promise<Worker> {
  const { allowNetworks = ['127.0.0.0/8', '::1/128'], ...rest } = options;
  const dispatcher = createGuardedAgent({ allowNetworks });
  const worker = await startWorker({ db, log: silent, dispatcher, ...rest });
  return {
    id: worker.id,
    async stop(boundMs) {
      await worker.stop(boundMs);
      await dispatcher.destroy();
    },
  };
}

/** A webhook of a new user (or of `userId`) that subscribes to video.generated; `columns` are set as the service. */
export async function createWebhook(
  db: Database,
  url: string,
  columns: Readonly<Record<string, string | number | boolean>> = {},
  userId?: string,
): Promise<{ id: string; secret: string; userId: string }> {
  const owner = userId ?? (await createUser(db));
  const { rows } = await asUserId(db, owner, (tx) =>
    tx.query<{ id: string; secret: string }>(
      "SELECT webhook_id AS id, webhook_secret AS secret FROM create_webhook('test', $1, p_event_types := ARRAY['video.generated'])",
      [url],
    ),
  );
  const [created] = rows;
  if (created === undefined) throw new Error('create_webhook gave no row');
  for (const [column, value] of Object.entries({ retry_delay_seconds: 1, ...columns })) {
    await asService(db, (tx) =>
      tx.query(`UPDATE webhooks SET ${column} = $1 WHERE id = $2::uuid`, [value, created.id]),
    );
  }
  return { ...created, userId: owner };
}

/** Triggers video.generated for one user and gives the ids of its deliveries. */
export async function trigger(db: Database, userId: string, payload: unknown = { video_id: 'v1' }): Promise<string[]> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const { rows } = await asService(db, (tx) =>
    tx.query<{ delivery_id: string }>(
      "SELECT delivery_id FROM trigger_webhook_event('video.generated', $1::jsonb, $2::uuid)",
      [text, userId],
    ),
  );
  return rows.map((row) => row.delivery_id);
}

export async function delivery(db: Database, id: string): Promise<DeliveryRow> {
  const { rows } = await db.query<DeliveryRow>('SELECT * FROM webhook_deliveries WHERE id = $1::uuid', [id]);
  const [row] = rows;
  if (row === undefined) throw new Error(`no delivery ${id}`);
  return row;
}

/** Waits until a delivery has the status, and gives it. */
export function deliveryWith(db: Database, id: string, status: string, timeoutMs = 15_000): Promise<DeliveryRow> {
  let last: DeliveryRow | undefined;
  return waitUntil(
    async () => {
      last = await delivery(db, id);
      return last.status === status ? last : undefined;
    },
    { message: () => `delivery to be ${status}; it is ${JSON.stringify(last)}`, timeoutMs },
  );
}

/** The attempts before the latest one, and late results. */
export async function attempts(db: Database, id: string): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    'SELECT * FROM hookline.webhook_delivery_attempts WHERE delivery_id = $1::uuid ORDER BY hookline.webhook_delivery_attempts.id',
    [id],
  );
  return rows;
}
