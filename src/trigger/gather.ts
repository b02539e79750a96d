import type { Database, Statement } from '../db/database.js';
import { asServiceAtOnce } from '../db/roles.js';
import { sqlStateOf } from '../db/sql-states.js';
import { HooklineError } from '../errors.js';
import { checkedTrigger, type Outcome, type Told } from './checked.js';
import type { NewEvent } from './event.js';
import { inLane } from './lane.js';
import { type CheckedEvent, type EventRow, SKIPPED, triggerStatement } from './statement.js';
import { tracedTrigger } from './trace.js';

/** Characters of a statement: some 250 small events, of which each costs a tenth of one alone (40 µs beside 450), and ten costs no less. */
const SIZE_TOGETHER = 4_000_000;
const SIZE_OF_AN_EVENT = 16_000;
/** Of the pool's ten connections the gathered statements take four at most, and what is repeated alone four. */
const UNDER_WAY = 4;
/** How long a statement waits for another transaction that holds one of its idempotency keys: events beside that one are not to be held up. */
const TOGETHER_LOCK_MS = 250;
const ALONE_LOCK_MS = 5_000;
const LOCK_TIMEOUT = "SELECT set_config('lock_timeout', $1, true)";

/**
 * Makes the server's trigger, which gives what came of each of the events, in their order; those of one call stay in one statement, and in order. Events of
 * calls that come while a statement is under way go together with the next one: what is wrong with one touches no other. A statement that fails as a whole
 * (a deadlock, a key that another transaction holds) is repeated event by event.
 */
export function gatheredTrigger(db: Database): (events: readonly NewEvent[]) => Promise<Outcome[]> {
  const trigger = checkedTrigger();
  const alone = inLane(async (items: readonly CheckedEvent[]) => run(items, ALONE_LOCK_MS), {
    size: 0,
    sizeOf: () => 1,
    underWay: UNDER_WAY,
  });
  const gathered = inLane(together, { size: SIZE_TOGETHER, sizeOf, underWay: UNDER_WAY });

  async function together(calls: readonly (readonly CheckedEvent[])[]): Promise<readonly Told[]> {
    try {
      const rows = await run(calls.flat(), TOGETHER_LOCK_MS);
      return calls.map((events) => rows.splice(0, events.length));
    } catch (error) {
      if (isOfSomeEvent(error)) return calls.map((events) => events.map((event) => alone(event)));
      throw error;
    }
  }

  async function run(events: readonly CheckedEvent[], lockMs: number): Promise<EventRow[]> {
    const timeout: Statement = [LOCK_TIMEOUT, [`${lockMs}ms`]];
    const isForAll = events.some(({ event }) => event.userId === null && event.externalUserId === null);
    const [, answer, passedOver] = await asServiceAtOnce<EventRow>(
      db,
      timeout,
      triggerStatement(events),
      ...(isForAll ? [SKIPPED] : []),
    );
    const rows = answer?.rows.toSorted((one, other) => one.nth - other.nth) ?? [];
    if (rows.length !== events.length) throw new HooklineError('internal_error');
    if (passedOver === undefined || passedOver.rowCount === 0) return rows;
    const skipped = new Map(passedOver.rows.map((row) => [row.event_id, row.skipped]));
    return rows.map((row) => ({ ...row, skipped: skipped.get(row.event_id) ?? 0 }));
  }

  return (events) => tracedTrigger(events, (traced) => trigger(traced, gathered));
}

function sizeOf(events: readonly CheckedEvent[]): number {
  return events.reduce((sum, { event }) => sum + SIZE_OF_AN_EVENT + event.json.length, 0);
}

/** Whether others may succeed without the event that it is about: PostgreSQL answered, and is neither going down nor out of resources. */
function isOfSomeEvent(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|53|57P|58)/.test(state);
}
