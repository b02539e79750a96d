import { type Command, InvalidArgumentError } from 'commander';
import type { Database } from '../../db/database.js';
import { silent } from '../../doctor/silent.js';
import { dropPartitions, makePartitions, type Partition } from '../../maintain/partitions.js';
import { add, countExpired, type Expired, NOTHING, removeExpired, total } from '../../maintain/retention.js';
import { checkMigrated } from '../../start/prepare-database.js';
import { exitCodeOf, watchSignals } from '../../start/signals.js';
import { EMBEDDED_VARIABLES, environmentHelp } from '../environment-help.js';
import { openGivenDatabase } from '../open-database.js';
import { createProgress } from '../progress.js';

const DEFAULT_BATCH = '1000';
const LARGEST_BATCH = 100_000;

interface CleanupOptions {
  readonly dryRun?: boolean;
  readonly batch: number;
  readonly json?: boolean;
}

/** `hookline cleanup`: retention by hand, which the worker otherwise runs every hour. */
export function addCleanupCommand(program: Command): void {
  program
    .command('cleanup')
    .description(
      'Remove deliveries, events and entries of the audit log that are past their age, as the worker does every hour. The ages stand in the table ' +
        'hookline.settings: successful_retention (90 days), failed_retention (30 days) and audit_retention_days (400).',
    )
    .option('--dry-run', 'only count what would be removed')
    .option('--batch <n>', 'rows of each kind in one transaction', batchSize, batchSize(DEFAULT_BATCH))
    .option('--json', 'print the result as JSON, and no progress')
    .addHelpText(
      'after',
      environmentHelp(
        ['DATABASE_URL', ...EMBEDDED_VARIABLES],
        [
          'hookline cleanup --dry-run',
          'DATABASE_URL=postgres://hookline_login@localhost/app hookline cleanup --batch 5000',
          'hookline cleanup --json',
        ],
      ),
    )
    .action(cleanup);
}

function batchSize(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > LARGEST_BATCH)
    throw new InvalidArgumentError(`It takes a whole number, 1 to ${LARGEST_BATCH}.`);
  return size;
}

/** A signal ends it between two batches, with what was removed so far, and as that signal ends a process (130 for Ctrl-C). */
async function cleanup({ dryRun = false, batch, json = false }: CleanupOptions): Promise<void> {
  const stopping = watchSignals(() => console.error('Stopped at once.'));
  const db = await open();
  try {
    await checkMigrated(db);
    if (dryRun) tell(await countExpired(db), { json, verb: 'Would remove', facts: { dry_run: true } });
    else await removeAll(db, batch, json, stopping.signal);
  } finally {
    await db.close();
  }
  if (stopping.signal.aborted) process.exit(exitCodeOf(stopping.signal.reason));
}

async function open(): Promise<Database> {
  const { loadConfig } = await import('../../config.js');
  return openGivenDatabase(loadConfig(process.env));
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
        console.log(`Dropped partition ${name}, about ${(about ?? 0).toLocaleString('en-US')} rows.`);
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
  const [ok, not, of, entries] = [successful, failed, events, audit].map((count) => count.toLocaleString('en-US'));
  return `deliveries: ${ok} successful, ${not} failed; events: ${of}; entries of the audit log: ${entries}`;
}
