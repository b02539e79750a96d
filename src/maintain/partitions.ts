import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { isHeldUp } from '../db/patiently.js';
import { alone } from './alone.js';
import { pause } from './loop.js';

const MAKE = 'SELECT hookline.make_partition() AS name, NULL::float8 AS about';
const DROP = 'SELECT d.partition AS name, d.about::float8 AS about FROM hookline.drop_partition() d';
/** Each waits 300 ms at most for a lock behind which others queue up: the next look goes on where it was. */
const MOST_TRIES = 5;
const PAUSE_MS = 1_000;

/** A partition that was made or dropped. */
export interface Partition {
  readonly name: string;
  /** About how many rows it held, when it was dropped. */
  readonly about: number | null;
}

/** Makes the partitions that are to come soon. Gives those it made. Throws what the database throws. */
export function makePartitions(db: Database, log: Logger, signal: AbortSignal): Promise<Partition[]> {
  return oneByOne(db, MAKE, signal, log, 'partitions.made');
}

/**
 * Drops partitions of deliveries and attempts that are past the longer age of retention and hold nothing that has to stay; rows are left to `removeExpired`. Gives
 * those it dropped. Throws what the database throws.
 */
export function dropPartitions(db: Database, log: Logger, signal: AbortSignal): Promise<Partition[]> {
  return oneByOne(db, DROP, signal, log, 'partitions.dropped');
}

/** Each in a transaction of its own, which is over at once; `line` tells of it. */
async function oneByOne(
  db: Database,
  statement: string,
  signal: AbortSignal,
  log: Logger,
  line: string,
): Promise<Partition[]> {
  const done: Partition[] = [];
  for (let tries = 1; !signal.aborted; ) {
    try {
      const result = await alone(db, 'partitions', (tx) => tx.query<Partition>(statement, []));
      const [partition] = result?.rows ?? [];
      if (partition === undefined || partition.name === null) break;
      done.push(partition);
      const { name, about } = partition;
      log.info({ partition: name, ...(about !== null && { rows: about }) }, line);
    } catch (error) {
      if (!isHeldUp(error)) throw error;
      if (tries === MOST_TRIES) {
        log.warn('partitions.held_up');
        break;
      }
      tries += 1;
      await pause(PAUSE_MS, signal);
    }
  }
  return done;
}
