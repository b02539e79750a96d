import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../db/database.js';
import { counted } from '../../doctor/told.js';
import { HooklineError } from '../../errors.js';
import type { Keyring } from '../../secrets/keyring.js';
import { forgetUnusedKeys, registerSealingKey } from '../../secrets/registry.js';
import { reseal } from '../../secrets/reseal.js';
import { secretStatus, turnEncryption } from '../../secrets/status.js';
import type { Progress } from '../progress.js';
import { number } from '../words.js';

/** Rows that somebody else has locked are passed over, and looked for again. */
const PASSES = 50;
const BETWEEN_PASSES_MS = 200;
const BAR_WIDTH = 24;

export interface RewriteOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** `key`: encrypts all with the first key. `clear`: takes the encryption off. */
  readonly to: 'key' | 'clear';
  readonly batch: number;
  readonly signal: AbortSignal;
  readonly progress: Progress | undefined;
}

export interface Rewritten {
  /** Secrets that were written anew. */
  readonly rewritten: number;
  /** Those that are not as wanted: they do not open, or it was stopped before. */
  readonly left: number;
  /** Rows that do not open. */
  readonly unreadable: readonly string[];
  /** Keys that nothing needs any more. */
  readonly forgotten: readonly string[];
}

/**
 * Writes every stored secret as wanted, in batches that are done when they are done. Whoever runs it again goes on with what is left. Throws
 * `secret_key_not_everywhere` before it changes anything, and what the database throws.
 */
export async function rewriteAll(options: RewriteOptions): Promise<Rewritten> {
  const { db, keyring, to, signal } = options;
  if (to === 'key') await requireEverywhere(db, keyring);
  await turnEncryption(db, to === 'key');
  const total = await leftOf(options);
  const unreadable = new Set<string>();
  let rewritten = 0;
  let left = total;
  for (let pass = 0; left > 0 && pass < PASSES && !signal.aborted; pass += 1) {
    if (pass > 0) await sleep(BETWEEN_PASSES_MS);
    const before = rewritten;
    unreadable.clear();
    rewritten += await reseal({
      ...options,
      all: true,
      wait: true,
      onProgress: (secrets) => options.progress?.show(bar(before + secrets, total)),
      onUnreadable: ({ kind, id }) => unreadable.add(`${kind} ${id}`.trim()),
    });
    left = await leftOf(options);
    if (rewritten === before && unreadable.size > 0) break;
  }
  const kept = to === 'key' && keyring.sealingId !== undefined ? [keyring.sealingId] : [];
  return { rewritten, left, unreadable: [...unreadable], forgotten: await forgetUnusedKeys(db, kept) };
}

async function requireEverywhere(db: Database, keyring: Keyring): Promise<void> {
  const lacking = await registerSealingKey(db, keyring);
  if (lacking === 0) return;
  throw new HooklineError(
    'secret_key_not_everywhere',
    `${counted(lacking, 'running worker does', 'running workers do')} not hold the key ${keyring.sealingId}.`,
    {
      hint: 'Restart them with it in HOOKLINE_SECRET_KEYS, beside the keys before it, then run this again. A worker that is gone is forgotten after 15 s.',
    },
  );
}

async function leftOf({ db, keyring, to }: RewriteOptions): Promise<number> {
  const wanted = to === 'key' ? (keyring.sealingId ?? null) : null;
  const { counts } = await secretStatus(db);
  return counts.reduce((sum, { keyId, secrets }) => (keyId === wanted ? sum : sum + secrets), 0);
}

function bar(done: number, total: number): string {
  // What was made meanwhile comes on top.
  const part = Math.min(1, done / Math.max(total, 1));
  const full = Math.floor(part * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${Math.floor(part * 100)} %  ${number(done)} of ${number(total)} secrets`;
}
