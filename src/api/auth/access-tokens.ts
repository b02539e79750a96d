import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Database } from '../../db/database.js';
import { type Access, asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { loopLogOf } from '../../observe/outage.js';
import type { Caller } from './caller.js';

const ACCESS_TOKEN = loadSql(import.meta.url, './access-token.sql');
const RECORD_USE = loadSql(import.meta.url, './record-use.sql');

/**
 * A busy key costs the database one look-up in this time, in each process; for as long it goes on working after it was revoked, has expired, or its user
 * was erased.
 */
const KEPT_FOR_MS = 2_000;
const MOST_KEPT = 10_000;
/** `hookline.create_access_token` makes them: 32 bytes in base64url. */
const FORM = /^hkp?_[\w-]{43}$/;
const NOT_RECORDED = 'access_token.use_not_recorded';
const UNKNOWN = { state: 'unknown' } as const;

interface Found {
  readonly id: string;
  readonly kind: 'api_key' | 'portal_token';
  readonly user_id: string;
  readonly access: Access;
  readonly state: 'live' | 'revoked' | 'expired';
  readonly is_use_due: boolean;
  readonly ends_at: number | null;
}

/** API keys and portal tokens: opaque, and known by their hash alone. */
export interface AccessTokens {
  /**
   * The user whom a token acts as. `beforeLookUp` runs before the database is asked about a token that was not found lately, and may throw. Throws `unknown_token`,
   * `token_revoked` or `token_expired` (401), and what the database throws.
   */
  callerOf(token: string, beforeLookUp?: () => Promise<void>): Promise<Caller>;
  /** Resolves when the uses that are being written down are. */
  settled(): Promise<void>;
}

/** Whether a bearer is meant to be one of these, right or wrong. */
export function isAccessToken(bearer: string): boolean {
  return /^hkp?_/.test(bearer);
}

/**
 * Looks tokens up in the database by their SHA-256, so that no comparison tells anything by its time. When a token was last used is written down beside the
 * request, once a minute at most; that this failed is logged, as of a loop, and nothing more.
 */
export function createAccessTokens(db: Database, log: Logger): AccessTokens {
  const uses = new Set<Promise<unknown>>();
  const loopLog = loopLogOf(db, log);
  // Apart from what was asked, so that guesses push none of them out. Stale ones tell that a token is no guess.
  const known = new LRUCache<string, Found>({ max: MOST_KEPT, ttl: KEPT_FOR_MS, noDeleteOnStaleGet: true });
  const asked = new LRUCache<string, Found | typeof UNKNOWN>({
    max: MOST_KEPT,
    ttl: KEPT_FOR_MS,
    ignoreFetchAbort: true,
    fetchMethod: async (hash) => {
      const [result] = await asServiceAtOnce<Found>(db, [ACCESS_TOKEN, [Buffer.from(hash, 'hex')]]);
      const [found] = result?.rows ?? [];
      if (found?.state === 'live' && found.is_use_due) recordUse(found.id);
      if (found === undefined) known.delete(hash);
      else known.set(hash, found);
      return found ?? UNKNOWN;
    },
  });

  async function find(hash: string, beforeLookUp?: () => Promise<void>): Promise<Found | typeof UNKNOWN | undefined> {
    const fresh = known.get(hash) ?? asked.get(hash);
    if (fresh !== undefined) return fresh;
    if (known.peek(hash, { allowStale: true }) === undefined) await beforeLookUp?.();
    return asked.fetch(hash);
  }

  function recordUse(id: string): void {
    const use: Promise<unknown> = asServiceAtOnce(db, [RECORD_USE, [id]])
      .then(() => loopLog.worked(NOT_RECORDED))
      .catch((error: unknown) => loopLog.failed(NOT_RECORDED, error, { id }))
      .finally(() => uses.delete(use));
    uses.add(use);
  }

  return {
    async callerOf(token, beforeLookUp) {
      if (!FORM.test(token)) throw unknownToken();
      const found = await find(createHash('sha256').update(token).digest('hex'), beforeLookUp);
      if (found === undefined || found.state === 'unknown') throw unknownToken();
      if (found.state === 'revoked') throw new HooklineError('token_revoked');
      if (found.state === 'expired') throw new HooklineError('token_expired');
      return {
        kind: 'user',
        // hookline_token tells hookline.require_sign_in that this is no session.
        claims: { sub: found.user_id, role: 'authenticated', hookline_token: found.id },
        access: found.access,
        credential: { kind: found.kind, id: found.id },
        endsAt: found.ends_at ?? undefined,
      };
    },
    async settled() {
      await Promise.all(uses);
    },
  };
}

function unknownToken(): HooklineError {
  return new HooklineError('unknown_token', undefined, {
    hint: 'API keys begin with hk_, portal tokens with hkp_, and 43 characters follow. Is it whole, and for this server?',
  });
}
