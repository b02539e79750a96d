import type { Database, Queryable } from '../db/database.js';
import { asService } from '../db/roles.js';
import { HooklineError } from '../errors.js';
import type { Keyring, Place } from './keyring.js';

/** One process at a time. Who only sweeps does not wait. */
const TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('hookline.reseal')) AS locked";
const LOCK = "SELECT true AS locked FROM (SELECT pg_advisory_xact_lock(hashtext('hookline.reseal'))) l";
const NEXT = 'SELECT l.id, l.secrets FROM hookline.lock_secrets($1::text, $2::text, $3::text, $4::bool, $5::int) l';
const PUT = 'SELECT hookline.put_secrets($1::text, $2::text[], $3::text::json, $4::text)';

const KINDS = ['webhook', 'headers', 'signing_key'] as const;
/** Small: the rows of a batch are locked for some ms, and counters wait for them. */
const RESEAL_BATCH = 200;

export interface ResealOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** `key`: under the key that seals. `clear`: without encryption. */
  readonly to: 'key' | 'clear';
  /** Also what is encrypted with another key. Not: only what is in the clear. */
  readonly all: boolean;
  /** Waits for other processes instead of leaving it to them. */
  readonly wait: boolean;
  readonly batch?: number;
  readonly signal?: AbortSignal;
  /** Called after each batch with the secrets that were rewritten so far. */
  readonly onProgress?: (secrets: number) => void;
  /** A row that could not be opened; it stays as it is. */
  readonly onUnreadable?: (place: Place, error: HooklineError) => void;
}

interface Row {
  readonly id: string;
  readonly secrets: readonly string[];
}

/**
 * Rewrites stored secrets in batches, a transaction each: what was done stays done when the process is killed, and the next run goes on with the rest. Changes no
 * version of a webhook. Gives how many secrets it rewrote. Throws what the database throws.
 */
export async function reseal(options: ResealOptions): Promise<number> {
  const { batch = RESEAL_BATCH, signal, onProgress } = options;
  let rewritten = 0;
  for (const kind of KINDS) {
    for (let after: string | null = null; signal?.aborted !== true; ) {
      const found = await resealBatch(options, kind, after, batch);
      rewritten += found.rewritten;
      if (found.rewritten > 0) onProgress?.(rewritten);
      if (found.last === null) break;
      after = found.last;
    }
  }
  return rewritten;
}

function resealBatch(options: ResealOptions, kind: Place['kind'], after: string | null, batch: number) {
  const { db, keyring, to, all, wait } = options;
  const keyId = to === 'key' ? (keyring.sealingId ?? null) : null;
  return asService(db, async (tx) => {
    const { rows: locks } = await tx.query<{ locked: boolean }>(wait ? LOCK : TRY_LOCK, []);
    if (locks[0]?.locked !== true) return { rewritten: 0, last: null };
    const { rows } = await tx.query<Row>(NEXT, [kind, after, keyId, all, batch]);
    const readable = rows.flatMap((row) => rewrite(options, kind, row) ?? []);
    await put(tx, kind, readable, keyId);
    return { rewritten: readable.reduce((sum, { secrets }) => sum + secrets.length, 0), last: rows.at(-1)?.id ?? null };
  });
}

function rewrite(options: ResealOptions, kind: Place['kind'], { id, secrets }: Row): Row | undefined {
  const { keyring, to, onUnreadable } = options;
  const place = placeOf(kind, id);
  try {
    const clear = secrets.map((stored) => keyring.open(place, stored));
    return { id, secrets: to === 'clear' ? clear : clear.map((secret) => keyring.seal(place, secret)) };
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    onUnreadable?.({ kind, id }, error);
    return undefined;
  }
}

async function put(tx: Queryable, kind: Place['kind'], rows: readonly Row[], keyId: string | null): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await tx.query(PUT, [kind, ids, JSON.stringify(rows.map(({ secrets }) => secrets)), keyId]);
}

/** The keys of the installation are read together, without their ids. */
export function placeOf(kind: Place['kind'], id: string): Place {
  return { kind, id: kind === 'signing_key' ? '' : id };
}
