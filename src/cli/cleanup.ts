import { loadConfig } from '../config.js';
import type { Database } from '../db/database.js';
import { silent } from '../doctor/silent.js';
import { dropPartitions, makePartitions, type Partition } from '../maintain/partitions.js';
import { add, countExpired, type Expired, NOTHING, removeExpired, total } from '../maintain/retention.js';
import { checkMigrated } from '../start/prepare-database.js';
import { exitCodeOf, watchSignals } from '../start/signals.js';
import { exitWith } from './exit.js';
import { openGivenDatabase } from './open-database.js';
import { createProgress } from './progress.js';
import { number } from './words.js';

export interface CleanupOptions {
  readonly dryRun?: boolean;
  readonly batch: number;
  readonly json?: boolean;
}

/**
 * Removes what is past its age. A signal ends it between two batches, with what was removed so far, and as that signal ends a process (130 for Ctrl-C).
 * Throws `not_migrated`, and what the database throws.
 */
export async function cleanup({ dryRun = false, batch, json = false }: CleanupOptions): Promise<void> {
  const stopping = watchSignals(() => console.error('Stopped at once.'));
  const db = await openGivenDatabase(loadConfig(process.env));
  try {
    await checkMigrated(db);
    if (dryRun) tell(await countExpired(db), { json, verb: 'Would remove', facts: { dry_run: true } });
    else await removeAll(db, batch, json, stopping.signal);
  } finally {
    await db.close();
  }
  if (stopping.signal.aborted) await exitWith(exitCodeOf(stopping.signal.reason));
}

async function removeAll(db: Database, batch: number, json: boolean, signal: AbortSignal): Promise<void> {
  const progress = json ? undefined : createProgress();
  let removed = NOTHING;
  let complete = false;
  const partitions: Partition[] = [];
  const drop = async (): Promise<void> => {
    partitions.push(...(await dropPartitions(db, silent, signal)));
  };
  try {
    // Where no worker runs nobody else makes them.
    await makePartitions(db, silent, signal);
    await drop();
    while (!complete && !signal.aborted) {
      const now = await removeExpired(db, batch);
      complete = total(now) === 0;
      removed = add(removed, now);
      progress?.show(`Removed ${inWords(removed)} so far.`);
    }
    // Attempts whose deliveries went just now.
    await drop();
  } finally {
    progress?.end();
    tell(removed, {
      json,
      verb: 'Removed',
      facts: { dry_run: false, complete, partitions: partitions.map(({ name }) => name) },
    });
    if (!json) {
      for (const { name, about } of partitions)
        console.log(`Dropped partition ${name}, about ${number(about ?? 0)} rows.`);
    }
    if (signal.aborted && !complete && !json) console.log('Stopped before the end; run it again for the rest.');
  }
}

function tell(
  expired: Expired,
  { json, verb, facts }: { json: boolean; verb: string; facts: Readonly<Record<string, boolean | readonly string[]>> },
): void {
  console.log(json ? JSON.stringify({ ...facts, ...expired }) : `${verb} ${inWords(expired)}.`);
}

function inWords({ successful, failed, events, audit }: Expired): string {
  const [ok, not, of, entries] = [successful, failed, events, audit].map(number);
  return `deliveries: ${ok} successful, ${not} failed; events: ${of}; entries of the audit log: ${entries}`;
}
