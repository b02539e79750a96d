import { setTimeout as sleep } from 'node:timers/promises';
import { type NewContent, StatementError, type Store, UnstorableError } from '@hookline/receiver';

/** What a branch's store did with one webhook. */
export type Insert =
  | { readonly stored: NewContent; readonly ms: number }
  | { readonly refused: NewContent; readonly error: Error }
  /** The database could not be reached: that says nothing of the webhook. */
  | { readonly lost: unknown };

/** A store for one webhook that is replayed: under a key of its own, and telling what happened. */
export interface RecordingStore {
  readonly store: Store;
  /** What has happened; null when nothing was to be stored. What comes later, of a mapping that took too long, is not stored. */
  end(): Insert | null;
}

const TRIES = 3;
const WAIT_MS = 250;
/** The server is going away, has too many connections or was told to stop: it will be there again. */
const PASSING_ERRNOS: ReadonlySet<number | undefined> = new Set([1040, 1053, 1203, 1205, 1213, 1290, 1317, 1927]);
const PASSING_CODES = /^(Aborted|Canceled|DeadlineExceeded|ResourceExhausted|Unavailable)$/;

/**
 * The store of a branch, for a replay. The row gets this key, so that it never counts as a repeat and can be found again. Of the columns
 * that a mapping adds, those go in that `takes`: production's schema has not yet what the branch adds.
 */
export function recordingStore(store: Store, key: string, takes: (column: string) => boolean): RecordingStore {
  let last: Insert | null = null;
  let isOver = false;

  async function insert(content: NewContent) {
    const tell = (what: Insert): void => {
      last = what;
    };
    for (let tries = 1; ; tries++) {
      if (isOver) throw new Error('The replay of this webhook is over.');
      const begun = performance.now();
      try {
        const insertion = await store.insert(content);
        tell({ stored: content, ms: performance.now() - begun });
        // Where the first try did get through, its row is of this key.
        return { ...insertion, created: true, differs: false };
      } catch (error) {
        if (isOfContent(error)) {
          tell({ refused: content, error });
          throw error;
        }
        tell({ lost: error });
        if (tries === TRIES) throw error;
        await sleep(WAIT_MS * tries);
      }
    }
  }

  return {
    store: {
      ...store,
      insert: (content) =>
        insert({
          ...content,
          idempotencyKey: key,
          columns: Object.fromEntries(Object.entries(content.columns).filter(([name]) => takes(name))),
        }),
    },
    end() {
      isOver = true;
      return last;
    },
  };
}

/** Whether the database refused what it was given, or took longer than the handler has. */
function isOfContent(error: unknown): error is Error {
  if (error instanceof UnstorableError) return true;
  if (error instanceof StatementError) {
    const { errno, vitessCode = '' } = error;
    return errno !== undefined && !PASSING_ERRNOS.has(errno) && !PASSING_CODES.test(vitessCode);
  }
  return isTimeout(error);
}

export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
