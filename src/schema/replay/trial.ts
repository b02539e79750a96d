import {
  type FollowUp,
  type NewContent,
  type Outcome,
  parseEvent,
  StatementError,
  UnstorableError,
} from '@hookline/receiver';
import { keyOf } from './replayed-rows.js';
import type { ReplayFailure } from './report.js';
import type { Side } from './side.js';

/** Whom a callback of the trial would go to, if anyone made it: a name that no one can have. */
const NOBODY = 'https://replay.invalid/callback';
const LEASE_MS = 60_000;
/** As long as the longest key, and as the longest error that is noted. */
const KEY_LENGTH = 64;
const ERROR = 'e'.repeat(500);
/** Past, so that a column that rounds its seconds makes it due, too. */
const DUE: Outcome = { state: 'retry', error: ERROR, delayMs: -2_000 };
const LATER: Outcome = { state: 'retry', error: ERROR, delayMs: 120_000 };
/** Beyond the window in which an event is tried. */
const TOO_LATE: Outcome = { state: 'retry', error: ERROR, delayMs: 7 * 86_400_000 };
const DONE: Outcome = { state: 'done' };
const ended = (state: 'failed' | 'skipped'): Outcome => ({ state, error: ERROR });

/** What is told of a branch on which the receiver's books go wrong; it ends the trial. */
class Trouble extends Error {}

interface Row {
  readonly content: NewContent;
  readonly id: string;
}

/**
 * Whether the receiver can keep its books on the branch. A replayed webhook comes once, and its callback is refused from the beginning; in production webhooks come again, and callbacks and
 * events are leased, tried, tried again and done, or not. So made-up webhooks, with the columns of one that was stored, go through all of that; no call is made of it.
 * Null when it works. Throws what the store throws when its database cannot be reached.
 */
export async function bookkeepingTrial(side: Side, like: NewContent, run: string): Promise<ReplayFailure | null> {
  try {
    const row = await comesTwice(side, like, run);
    await triedAgain(side, row);
    const endings: readonly (readonly [string, Outcome, Outcome])[] = [
      ['A', LATER, ended('failed')],
      ['b', ended('failed'), ended('skipped')],
      ['c', TOO_LATE, TOO_LATE],
    ];
    for (const [name, callback, event] of endings) {
      const other = await otherRow(side, like, run, name);
      if (other === null) break;
      await endedWith(side, other, { callback, event });
    }
    return null;
  } catch (error) {
    const cause = error instanceof UnstorableError ? error.cause : error;
    if (cause instanceof StatementError && cause.errno !== undefined) return failure(cause.code, cause.message);
    if (error instanceof UnstorableError) return failure('unstorable', error.message);
    // The store has no class of its own for an answer that no table of its migrations gives.
    const isOfStore = error instanceof Error && error.constructor === Error && !('code' in error);
    if (error instanceof Trouble || isOfStore) return failure('bookkeeping_lost', error.message);
    throw error;
  }
}

/** A webhook comes, and comes again: that has to be told from a new one, and counted. */
async function comesTwice({ store, sql }: Side, like: NewContent, run: string): Promise<Row> {
  const content = madeUp(like, run, 'a');
  const { id, savedAt } = await store.insert(content);
  const again = await store.insert(madeUp(like, run, 'a'));
  if (again.created) {
    throw new Trouble('a webhook that comes twice is stored twice, so idempotency_key has no unique index of its own');
  }
  if (again.differs) throw new Trouble('a webhook that comes again is taken for another one, by payload or body_hash');
  if (again.savedAt !== savedAt) throw new Trouble('created_at does not keep when a row was stored');
  const [row] = await sql.rows<{ repeats: unknown; differing: unknown }>(
    'SELECT repeats, differing_repeats AS differing FROM ai_content WHERE idempotency_key = ?',
    [content.idempotencyKey],
  );
  if (String(row?.repeats) !== '1' || String(row?.differing) !== '0') {
    throw new Trouble('a webhook that comes again is not counted in repeats');
  }
  return { content, id };
}

/** Both kinds of work fail at first, are due at once, are taken up again and done. */
async function triedAgain(side: Side, row: Row): Promise<void> {
  for (const kind of ['callback', 'event'] as const) {
    await finished(side, row, kind, DUE, 'pending');
    const lease = leaseOf(kind);
    const [claimed] = await side.store.claim(kind, { lease, limit: 1, id: row.id });
    const { event, callbackUrl } = row.content;
    if (claimed?.payload !== event.text || claimed.callbackUrl !== callbackUrl || claimed.attempts !== 2) {
      throw new Trouble(`the work of the ${kind} is due, and is not found as it was kept`);
    }
    const outcome: Outcome = kind === 'event' ? { state: 'done', eventId: crypto.randomUUID() } : DONE;
    await finished(side, row, kind, outcome, 'done', lease.token);
  }
}

async function endedWith(side: Side, row: Row, outcomes: Readonly<Record<FollowUp, Outcome>>): Promise<void> {
  for (const kind of ['callback', 'event'] as const) {
    const outcome = outcomes[kind];
    const expected = outcome === LATER ? 'pending' : outcome === TOO_LATE ? 'expired' : outcome.state;
    await finished(side, row, kind, outcome, expected);
    if (outcome !== LATER) continue;
    const claimed = await side.store.claim(kind, { lease: leaseOf(kind), limit: 1, id: row.id });
    if (claimed.length > 0) throw new Trouble(`a ${kind} that is to be tried later is due at once`);
  }
}

/** Records an outcome, and looks whether the row has it. */
async function finished(
  { store, sql }: Side,
  { content, id }: Row,
  kind: FollowUp,
  outcome: Outcome,
  expected: string,
  leaseToken = tokenOf(content, kind),
): Promise<void> {
  const { idempotencyKey } = content;
  const state = await store.finish(kind, { id, idempotencyKey, leaseToken }, outcome);
  if (state === null) throw new Trouble(`the lease of the ${kind} was just given, and is not on its row`);
  const [row] = await sql.rows<{ state: unknown; length: unknown }>(
    `SELECT ${kind}_state AS state, CHAR_LENGTH(${kind}_error) AS length FROM ai_content WHERE idempotency_key = ?`,
    [idempotencyKey],
  );
  const error = outcome.state === 'done' ? null : outcome.error.length;
  if (state === expected && row?.state === expected && (error === null || Number(row.length) === error)) return;
  throw new Trouble(`a ${kind} that is to be ${expected} is not noted so in ${kind}_state and ${kind}_error`);
}

/** Another webhook, by a key that differs a little. Null where a unique column is in the way: the replay itself tells of that. */
async function otherRow({ store }: Side, like: NewContent, run: string, name: string): Promise<Row | null> {
  const content = madeUp(like, run, name);
  try {
    const { id, created } = await store.insert(content);
    if (!created) {
      throw new Trouble(
        'two webhooks are taken for one, since idempotency_key does not tell A from a: it has to be ascii_bin',
      );
    }
    return { content, id };
  } catch (error) {
    if (error instanceof UnstorableError && error.cause === undefined) return null;
    throw error;
  }
}

function madeUp(like: NewContent, run: string, name: string): NewContent {
  // A character that other character sets write in other bytes.
  const text = JSON.stringify({ type: 'task.ai_generated', channel_id: like.channelId, callback_url: NOBODY, n: 'é' });
  return {
    ...like,
    idempotencyKey: `${keyOf(run, 'trial').padEnd(KEY_LENGTH - 1, '-')}${name}`,
    event: parseEvent(new TextEncoder().encode(text)),
    callbackUrl: NOBODY,
    callback: { lease: leaseOf('callback') },
    emission: { lease: leaseOf('event') },
  };
}

function leaseOf(kind: FollowUp): { readonly token: string; readonly ms: number } {
  return { token: `${kind.charAt(0)}-${crypto.randomUUID()}`.slice(0, 36), ms: LEASE_MS };
}

function tokenOf({ callback, emission }: NewContent, kind: FollowUp): string {
  const begun = kind === 'callback' ? callback : emission;
  return begun !== undefined && 'lease' in begun ? begun.lease.token : '';
}

function failure(code: string, words: string): ReplayFailure {
  const message = `The receiver cannot keep its books in ai_content: ${words}`;
  return { id: null, channelId: null, event: null, code, message };
}
