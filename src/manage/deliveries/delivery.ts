import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { toBody } from '../../deliver/prepare/body.js';
import { HooklineError } from '../../errors.js';

const DELIVERY = loadSql(import.meta.url, './delivery.sql');
const ATTEMPTS = loadSql(import.meta.url, './attempts.sql');
const PAYLOAD = 'SELECT d.request_payload::text AS json FROM public.webhook_deliveries d WHERE d.id = $1::uuid';
const RETRY = loadSql(import.meta.url, './retry.sql');

/** Everything of a delivery, payload and bodies too, as JSON. Throws `delivery_not_found` for one that the transaction's caller may not see. */
export function readDelivery(tx: Queryable, id: string): Promise<string> {
  return readJson(tx, DELIVERY, id);
}

/** The attempts of a delivery as a JSON array, the latest first, a hundred at most. Throws `delivery_not_found`. */
export function readAttempts(tx: Queryable, id: string): Promise<string> {
  return readJson(tx, ATTEMPTS, id);
}

/** The body of a delivery, byte by byte as it is sent and signed. Throws `delivery_not_found`. */
export async function readBody(tx: Queryable, id: string): Promise<string> {
  return toBody(await readJson(tx, PAYLOAD, id));
}

/** Gives a failed delivery one more attempt, due now; the delivery as it is then. Throws `delivery_not_found`, `delivery_not_failed`. */
export async function retryDelivery(tx: Queryable, id: string): Promise<string> {
  const { rows } = await tx.query<{ success: boolean }>(RETRY, [id]);
  const [retried] = rows;
  if (retried === undefined) throw new HooklineError('delivery_not_found');
  if (!retried.success) {
    throw new HooklineError('delivery_not_failed', undefined, {
      hint: 'Only a delivery whose status is failed is tried again by hand; replays send those again that succeeded.',
    });
  }
  return readDelivery(tx, id);
}

async function readJson(tx: Queryable, sql: string, id: string): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(sql, [id]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('delivery_not_found');
  return row.json;
}
