import { parseEvent } from '../src/event.js';
import type { FollowUp, Lease, NewContent, Store } from '../src/store.js';

/** A row of ai_content: everything as text, times in ISO 8601 and UTC, JSON as the database writes it. */
export type StoredRow = Readonly<Record<string, string | null>>;

/** A store on a table of its own, and what the suite has to see of the table and do to it. */
export interface StoreUnderTest {
  store(): Store;
  /** The same table with `keepPayload: false`; absent where the store has no such setting. */
  forgetful?(): Store;
  /** The kinds of follow-up work that it leases. A store that triggers events in the insert leases none. */
  readonly kinds: readonly FollowUp[];
  /** Adds the columns that a user might: see `ADDED`. */
  addColumns(): Promise<void>;
  /** Empties the table. */
  clear(): Promise<void>;
  row(id: string): Promise<StoredRow>;
  /** Lets time pass for a row: leases, due times and ends of windows move `ms` into the past. `updated_at` is not changed. */
  age(id: string, ms: number): Promise<void>;
  /** Sets `updated_at` to 2020, so that a change of it shows whatever its resolution. */
  backdate(id: string): Promise<void>;
  /** The next row gets this id. */
  continueIdsAt(id: string): Promise<void>;
}

/** name → type in PostgreSQL and in MySQL */
export const ADDED = {
  embedding_id: ['varchar(100)', 'VARCHAR(100)'],
  quality_score: ['float8', 'DOUBLE'],
  checked: ['boolean', 'BOOLEAN'],
  tags: ['jsonb', 'JSON'],
  made_at: ['timestamptz', 'DATETIME(3)'],
  tokens: ['bigint', 'BIGINT'],
} as const;

export const MINUTE = 60_000;
export const CALLBACK_URL = 'https://api.modelriver.com/v1/callback/c1';

const encoder = new TextEncoder();
let made = 0;

export function newLease(ms = MINUTE): Lease {
  return { token: `lease-${made++}`, ms };
}

export const eventOf = (json: string) => parseEvent(encoder.encode(json));

/** A row to be stored, with a key of its own; callback and event are leased to the caller for a minute. */
export function newContent(changes: Partial<NewContent> = {}): NewContent {
  made++;
  return {
    title: 'Title',
    body: 'Body',
    category: 'general',
    metadata: '{"a":1}',
    channelId: 'c1',
    eventName: 'e1',
    columns: {},
    event: eventOf('{"ai_response":{"data":{"n":10.50}}}'),
    idempotencyKey: String(made).padStart(64, '0'),
    callbackUrl: CALLBACK_URL,
    callback: { lease: newLease() },
    emission: { lease: newLease() },
    ...changes,
  };
}
