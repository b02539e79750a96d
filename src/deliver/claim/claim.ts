import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/database.js';
import { asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import type { DatabaseClock } from '../database-clock.js';
import type { Claimed, Payload } from '../stages.js';
import { freeUnheard, giveBack, orGiveBack } from './give-back.js';
import { WebhookSecrets } from './secrets.js';
import { withSigningKeys } from './signing-keys.js';

const LEASE = loadSql(import.meta.url, './lease.sql');
const DELIVERIES = loadSql(import.meta.url, './deliveries.sql');
const WEBHOOKS = loadSql(import.meta.url, './webhooks.sql');

/** How much one claim may take, and of whom. */
export interface ClaimBounds {
  readonly deliveries: number;
  /** Deliveries of one webhook: a backlog of one must not fill the worker. */
  readonly perWebhook: number;
  /** Bytes of payload; a single larger one is taken all the same. */
  readonly bytes: number;
  /** Webhooks and users to pass over. */
  readonly excluded: { readonly webhooks: readonly string[]; readonly users: readonly string[] };
  /** Webhooks of which all up to a position was claimed lately: the claim begins behind it. */
  readonly known?: readonly Known[];
}

export interface Known {
  readonly userId: string;
  readonly webhookId: string;
  readonly position: number;
}

/** A delivery's lease, as it comes from the database: `leaseMs` from the beginning of the transaction that gives it. */
export interface Lease {
  readonly deliveryId: string;
  readonly leaseId: string;
  readonly webhookId: string;
  readonly position: number;
  readonly leaseMs: number;
}

type DeliveryRow = Required<
  Pick<Claimed, 'deliveryId' | 'eventId' | 'eventType' | 'attempt' | 'maxAttempts' | 'requestId' | 'traceparent'>
> & {
  readonly createdMs: number;
  readonly replayOf: string | null;
  readonly storedUrl: string;
  /** Null: that of the row before. */
  readonly payload: string | null;
};
type WebhookRow = Pick<
  Claimed,
  'webhookId' | 'userId' | 'url' | 'secrets' | 'signingKeys' | 'customHeaders' | 'algorithm' | 'timeoutMs' | 'isOrdered'
> & {
  /** The database's clock. */
  readonly nowMs: number;
};

/**
 * Leases ready deliveries to the worker, within the bounds, and gives what is needed to send them, in no order.
 * A lease is counted from before the query was sent, so that this process never thinks it longer than the database does.
 */
export async function claim(
  db: Database,
  clock: DatabaseClock,
  workerId: string,
  bounds: ClaimBounds,
  secrets = new WebhookSecrets(),
): Promise<Claimed[]> {
  const asked = performance.now();
  const leases = await lease(db, workerId, bounds);
  return readLeased(db, clock, asked, leases, secrets);
}

/** Leases ready deliveries to the worker, within the bounds. Throws what the database throws; what it leased unheard is then freed. */
export async function lease(db: Database, workerId: string, bounds: ClaimBounds): Promise<readonly Lease[]> {
  const { deliveries, perWebhook, bytes, excluded, known = [] } = bounds;
  const leaseId = randomUUID();
  try {
    const [leased] = await asServiceAtOnce<Lease>(db, [
      LEASE,
      [
        workerId,
        deliveries,
        perWebhook,
        bytes,
        excluded.webhooks,
        excluded.users,
        known.map(({ userId }) => userId),
        known.map(({ webhookId }) => webhookId),
        known.map(({ position }) => position),
        leaseId,
      ],
    ]);
    return leased?.rows ?? [];
  } catch (error) {
    freeUnheard(db, leaseId);
    throw error;
  }
}

/**
 * Reads what is needed to send deliveries that were leased by a statement sent at `asked` (`performance.now()`). Those whose secrets do not open are given back.
 * Throws what the database throws; all are given back then.
 */
export async function readLeased(
  db: Database,
  clock: DatabaseClock,
  asked: number,
  leases: readonly Lease[],
  secrets: WebhookSecrets,
): Promise<Claimed[]> {
  if (leases.length === 0) return [];
  return orGiveBack(db, leases, async () => {
    const askedForRows = performance.now();
    const [deliveries, webhooks] = await asServiceAtOnce<DeliveryRow & WebhookRow>(
      db,
      [DELIVERIES, [leases.map(({ deliveryId }) => deliveryId)]],
      [WEBHOOKS, [[...new Set(leases.map(({ webhookId }) => webhookId))]]],
    );
    const found = withPayloads(deliveries?.rows ?? []);
    const [webhook] = webhooks?.rows ?? [];
    if (webhook !== undefined) clock.set(webhook.nowMs, askedForRows);
    const rows = await withSigningKeys(db, webhooks?.rows ?? []);
    const opened = secrets.open(rows);
    const byWebhook = new Map(opened.map((row) => [row.webhookId, row]));
    if (opened.length < rows.length) {
      await giveBack(
        db,
        leases.filter(({ webhookId }) => !byWebhook.has(webhookId)),
      );
    }
    const claimed: Claimed[] = [];
    for (const lease of leases) {
      const delivery = found.get(lease.deliveryId);
      const webhook = byWebhook.get(lease.webhookId);
      // What was deleted meanwhile has taken its lease along.
      if (delivery !== undefined && webhook !== undefined) claimed.push(toClaimed(lease, asked, delivery, webhook));
    }
    return claimed;
  });
}

type Read = readonly [DeliveryRow, Payload];

function withPayloads(rows: readonly DeliveryRow[]): ReadonlyMap<string, Read> {
  const read = new Map<string, Read>();
  let payload: Payload = { text: 'null' };
  for (const row of rows) {
    if (row.payload !== null) payload = { text: row.payload };
    read.set(row.deliveryId, [row, payload]);
  }
  return read;
}

function toClaimed(lease: Lease, asked: number, [delivery, payload]: Read, webhook: WebhookRow): Claimed {
  return {
    deliveryId: lease.deliveryId,
    webhookId: lease.webhookId,
    userId: webhook.userId,
    position: lease.position,
    leaseId: lease.leaseId,
    leasedAt: asked,
    leaseUntil: asked + lease.leaseMs,
    messageId: delivery.replayOf ?? lease.deliveryId,
    eventId: delivery.eventId,
    eventType: delivery.eventType,
    url: webhook.url,
    isStoredUrl: webhook.url === delivery.storedUrl,
    secrets: webhook.secrets,
    algorithm: webhook.algorithm,
    signingKeys: webhook.signingKeys ?? null,
    customHeaders: webhook.customHeaders ?? null,
    timeoutMs: webhook.timeoutMs,
    isOrdered: webhook.isOrdered,
    attempt: delivery.attempt,
    maxAttempts: delivery.maxAttempts,
    requestId: delivery.requestId,
    traceparent: delivery.traceparent,
    createdMs: delivery.createdMs,
    payload,
  };
}
