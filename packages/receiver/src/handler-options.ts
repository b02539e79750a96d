import type { ModelRiverEvent, TaskCompletedEvent } from './event.js';
import type { MapRecord } from './map-record.js';
import type { FollowUpOptions } from './options.js';
import type { ContentRecord } from './record.js';
import type { Store } from './store.js';

/** What a handler of the gateway's webhooks is made of. */
export interface WebhookHandlerOptions extends FollowUpOptions {
  readonly store: Store;
  /** The key that the gateway signs with; several while it is rotated. */
  readonly secret: string | readonly string[];
  /** How old a webhook of the older signature scheme, whose timestamp is signed, may be, in seconds. 300 by default. */
  readonly legacyMaxAgeSeconds?: number;
  /** 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Time limit of the insert; past it the gateway is asked to send again. 4,000 by default. */
  readonly storeTimeoutMs?: number;
  /** Changes how a webhook becomes a row, and adds columns. Its errors are answered 500, so that the gateway sends again. */
  readonly mapRecord?: MapRecord;
  /** Runs once for a new row, after it was written; what it throws is logged. */
  readonly onStored?: OnStored;
  /** Takes the webhooks of workflows without an event name, which are acknowledged only; it runs before the answer, and what it throws is answered 503, so that the gateway sends again; 200 for an `UnstorableError`. */
  readonly onTaskCompleted?: OnTaskCompleted;
}

/** `idempotencyKey` is the same when the gateway sends the webhook again. */
export type OnTaskCompleted = (
  event: TaskCompletedEvent,
  context: { readonly idempotencyKey: string; readonly text: string },
) => void | Promise<void>;

/** What the runtime gives beside the request: `waitUntil` keeps it alive for work after the answer. */
export interface HandlerContext {
  waitUntil?(promise: Promise<unknown>): void;
}

export type WebhookHandler = (request: Request, context?: HandlerContext) => Promise<Response>;

/** A row that was just stored. */
export interface StoredWebhook {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  readonly record: ContentRecord;
  readonly event: ModelRiverEvent;
}

/** Called once for a new row, after it was written, never for a repeat; with `waitUntil` after the answer. */
export type OnStored = (stored: StoredWebhook) => void | Promise<void>;
