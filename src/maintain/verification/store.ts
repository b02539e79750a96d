import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { WebhookSecrets } from '../../deliver/claim/secrets.js';
import { withSigningKeys } from '../../deliver/claim/signing-keys.js';
import type { Claimed } from '../../deliver/stages.js';
import type { Refusal } from './judge.js';

const LEASE = loadSql(import.meta.url, './lease.sql');
const GIVE_BACK = loadSql(import.meta.url, './give-back.sql');
const RECORD = 'SELECT hookline.record_verification($1::uuid, $2::varchar, $3::varchar, $4::text) AS "isRecorded"';

/** A verification that this process is to make. */
export interface Verification
  extends Pick<Claimed, 'webhookId' | 'url' | 'secrets' | 'algorithm' | 'signingKeys' | 'customHeaders' | 'timeoutMs'> {
  readonly userId: string;
  /** What the endpoint has to answer with; fresh for each request. */
  readonly token: string;
  /** The database's time at the lease, in ms since 1970. */
  readonly nowMs: number;
}

/**
 * Leases up to `limit` wanted verifications to this process, passing over `excluded` users. Those whose secrets do not open are tried again after their lease.
 */
export async function lease(
  db: Database,
  limit: number,
  excluded: readonly string[],
  secrets = new WebhookSecrets(),
): Promise<readonly Verification[]> {
  const { rows } = await asService(db, (tx) => tx.query<Verification>(LEASE, [limit, excluded]));
  return secrets.open(await withSigningKeys(db, rows));
}

/** Writes what came of a verification. False: another one was asked for, or the URL changed meanwhile, and the result was dropped. */
export async function record(
  db: Database,
  { webhookId, token }: Verification,
  refusal: Refusal | undefined,
): Promise<boolean> {
  const { rows } = await asService(db, (tx) =>
    tx.query<{ isRecorded: boolean }>(RECORD, [webhookId, token, refusal?.code ?? null, refusal?.message ?? null]),
  );
  return rows[0]?.isRecorded === true;
}

/** Gives leases back unused. */
export async function giveBack(db: Database, verifications: readonly Verification[]): Promise<void> {
  if (verifications.length === 0) return;
  const webhookIds = verifications.map(({ webhookId }) => webhookId);
  const tokens = verifications.map(({ token }) => token);
  await asService(db, (tx) => tx.query(GIVE_BACK, [webhookIds, tokens]));
}
