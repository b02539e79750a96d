import type { ParsedEvent } from './event.js';
import type { ColumnLimits, ContentRecord } from './record.js';

/** A row to be stored, with what its callback and a repeat of its webhook need. */
export interface NewContent extends ContentRecord {
  readonly event: ParsedEvent;
  /** 64 hex characters; a row with the same key is the same webhook. */
  readonly idempotencyKey: string;
  /** SHA-256 of the raw body, 64 hex characters: tells a repeat from a differing one. */
  readonly bodyHash: string;
  readonly callbackUrl: string;
  /** Leased to the caller, who sends it at once; or refused for good, with the reason. */
  readonly callback: { readonly lease: Lease } | { readonly refused: string };
}

/** The right of one caller to send a row's callback, until it ends by the database's clock. */
export interface Lease {
  /** Made up by the caller, unique. */
  readonly token: string;
  readonly ms: number;
}

export interface Insertion {
  /** The row's id; on a repeat, the first row's. */
  readonly id: string;
  /** When the row was first stored: ISO 8601, UTC. */
  readonly savedAt: string;
  /** False on a repeat: the first row stays as it is, and its lease was not given. */
  readonly created: boolean;
  /** A repeat whose body differs from the first one's. */
  readonly differs: boolean;
}

/** A callback that the caller holds the lease of. `attempts` counts those begun, this one too. */
export interface LeasedCallback {
  readonly id: string;
  readonly savedAt: string;
  readonly callbackUrl: string;
  /** JSON text of the webhook, from the row. */
  readonly payload: string;
  readonly attempts: number;
  readonly leaseToken: string;
}

/** How an attempt at a callback ended. `error` is a code, with no secret and no address in it. */
export type CallbackOutcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed' | 'refused'; readonly error: string }
  | { readonly state: 'retry'; readonly error: string; readonly delayMs: number };

/** pending → done | failed (the gateway refused it for good) | expired (not in within the window) | refused (origin not allowed, never sent). */
export type CallbackState = 'pending' | 'done' | 'failed' | 'expired' | 'refused';

/**
 * Where webhooks are stored: the table `ai_content` with its added columns. Time is the database's. Every method throws on trouble;
 * `insert` throws `UnstorableError` when the database refuses the content itself, and anything else for what may pass.
 */
export interface Store {
  /** Names the store in a callback: `task_id` is `<name>_<id>`, `metadata.database` is the name. */
  readonly name: 'planetscale' | 'mysql' | 'postgres';
  readonly limits: ColumnLimits;
  /** Stores a row exactly once for its idempotency key, in one atomic step; a repeat is counted on the first row. */
  insert(content: NewContent): Promise<Insertion>;
  /**
   * Leases callbacks that are pending, due, not expired and leased to no one, the longest due first. Two callers never get the same one.
   * With `id`, only that row's.
   */
  claimCallbacks(claim: { lease: Lease; limit: number; id?: string }): Promise<LeasedCallback[]>;
  /** Records an attempt and ends the lease; null when the lease was lost. A retry that would come after the window is `expired`. */
  finishCallback(id: string, leaseToken: string, outcome: CallbackOutcome): Promise<CallbackState | null>;
  /** Marks what is still pending after its window, and leased to no one, as expired; gives how many. */
  expireCallbacks(): Promise<number>;
}

/** The gateway waits this long for the callback, counted from the webhook. */
export const CALLBACK_WINDOW_MS = 300_000;
