import type { ParsedEvent } from './event.js';
import type { ColumnLimits, FittedRecord } from './fit.js';

/** A row to be stored, with what a repeat of its webhook and the work after it need. */
export interface NewContent extends FittedRecord {
  readonly event: ParsedEvent;
  /** At most 64 visible ASCII characters; a row with the same key is the same webhook. */
  readonly idempotencyKey: string;
  readonly callbackUrl: string;
  readonly callback: Begun;
  /** The event to be triggered; absent: nobody is told of the row, or the store triggers it in the insert's own transaction. */
  readonly emission?: Begun;
}

/** How follow-up work begins: leased to the caller, who does it at once, or not to be done at all, with the reason as a code. */
export type Begun = { readonly lease: Lease } | { readonly state: 'refused' | 'skipped'; readonly error: string };

/** The right of one caller to do a row's follow-up work, until it ends by the database's clock. */
export interface Lease {
  /** Made up by the caller, unique, at most 36 characters. */
  readonly token: string;
  readonly ms: number;
}

/** What an insert came to. */
export interface Insertion {
  /** The row's id; on a repeat, the first row's. */
  readonly id: string;
  /** When the row was first stored: ISO 8601, UTC. */
  readonly savedAt: string;
  /** False on a repeat: the first row stays as it is, and no lease was given. */
  readonly created: boolean;
  /** A repeat whose JSON differs from the first one's; the database hashes it (SHA-256 of its text). */
  readonly differs: boolean;
}

/** What is to be done after a row was stored: the gateway's callback, and the event that customers are told of. */
export type FollowUp = 'callback' | 'event';

/** Follow-up work that the caller holds the lease of. `attempts` counts those begun, this one too. */
export interface LeasedWork {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly savedAt: string;
  readonly callbackUrl: string;
  /** JSON text of the webhook, from the row. */
  readonly payload: string;
  readonly attempts: number;
  readonly leaseToken: string;
}

/** How an attempt ended. `error` is a code, with no secret and no address in it. `eventId` is the triggered event's. */
export type Outcome =
  | { readonly state: 'done'; readonly eventId?: string }
  | { readonly state: 'failed' | 'refused' | 'skipped'; readonly error: string }
  | { readonly state: 'retry'; readonly error: string; readonly delayMs: number };

/**
 * pending → done | failed (for good, by the other side) | expired (not in within its window) | refused (a callback to an origin that is not
 * allowed: never sent) | skipped (nobody is to be told of the event).
 */
export type FollowUpState = 'pending' | 'done' | 'failed' | 'expired' | 'refused' | 'skipped';

/**
 * Where webhooks are stored: the table `ai_content` with its added columns. Leases and due times are by the database's clock. Every method
 * throws on trouble; `insert` throws `UnstorableError` when the database refuses the content itself, and anything else for what may pass.
 */
export interface Store {
  /** Names the store in a callback: `task_id` is `<name>_<id>`, `metadata.database` is the name. */
  readonly name: 'planetscale' | 'mysql' | 'postgres';
  readonly limits: ColumnLimits;
  /** Stores a row exactly once for its idempotency key, in one atomic step; a repeat is counted on the first row. */
  insert(content: NewContent): Promise<Insertion>;
  /**
   * Leases work of one kind that is pending, due, not expired and leased to no one, the longest due first. Two callers never get the same one.
   * With `id`, only that row's.
   */
  claim(
    kind: FollowUp,
    claim: { readonly lease: Lease; readonly limit: number; readonly id?: string },
  ): Promise<LeasedWork[]>;
  /** Records an attempt and ends the lease; null when the lease was lost. A retry that would come after the window is `expired`. */
  finish(
    kind: FollowUp,
    work: Pick<LeasedWork, 'id' | 'idempotencyKey' | 'leaseToken'>,
    outcome: Outcome,
  ): Promise<FollowUpState | null>;
  /** Marks what is still pending after its window, and leased to no one, as expired; gives how many. */
  expire(kind: FollowUp): Promise<number>;
}

/** How long each kind of work is tried, from the insert on. The gateway waits five minutes for its callback; an event is tried for 23 hours, while the server still knows its idempotency key (24). */
export const WINDOW_MS: Readonly<Record<FollowUp, number>> = { callback: 300_000, event: 82_800_000 };
