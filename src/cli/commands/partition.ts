import type { Command } from 'commander';
import type { Step } from '../../db/partition/deliveries.js';
import { DATABASE_VARIABLES, EMBEDDED_VARIABLES, environmentHelp } from '../environment-help.js';
import { number } from '../words.js';

const STEPS: Readonly<Record<Step, string>> = {
  key: 'Building the key (id, created_at) beside the old one.',
  bound: 'Saying until when deliveries go into the table that is there.',
  check: 'Checking that for the rows that are there.',
  swap: 'Putting the partitioned table in its place.',
  partitions: 'Making partitions ahead.',
};

/** `hookline partition deliveries`: an operator's choice for large installations (docs/partitioning.md). */
export function addPartitionCommand(program: Command): void {
  const partition = program
    .command('partition')
    .description('Keep a table in partitions by time, so that retention drops a partition in place of its rows.');
  partition
    .command('deliveries')
    .description(
      'Make webhook_deliveries a partitioned table, with the key (id, created_at), beside whoever works with it. Safe to run again after it was stopped. ' +
        'It is for installations with millions of deliveries in a week: docs/partitioning.md tells what changes.',
    )
    .addHelpText(
      'after',
      environmentHelp(
        [...DATABASE_VARIABLES, ...EMBEDDED_VARIABLES],
        ['HOOKLINE_MIGRATE_DATABASE_URL=postgres://owner@localhost/app hookline partition deliveries'],
      ),
    )
    .action(partitionDeliveries);
}

async function partitionDeliveries(): Promise<void> {
  const { loadConfig } = await import('../../config.js');
  const { lookAtDeliveries, partitionDeliveries: run } = await import('../../db/partition/deliveries.js');
  const { toOwnerError } = await import('../../db/sql-errors.js');
  const { checkMigrated } = await import('../../start/prepare-database.js');
  const { openGivenDatabase } = await import('../open-database.js');
  const { migrateDatabaseUrl, databaseUrl, dataDir } = loadConfig(process.env);
  const db = await openGivenDatabase({ databaseUrl: migrateDatabaseUrl ?? databaseUrl, dataDir });
  try {
    await checkMigrated(db);
    const { rows, bytes } = await lookAtDeliveries(db);
    const began = performance.now();
    const changed = await run(db, (step) => console.log(STEPS[step]));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(
      changed
        ? `webhook_deliveries is partitioned: about ${number(rows)} rows, ${number(Math.round(bytes / 2 ** 20))} MiB, in ${seconds} s.`
        : 'webhook_deliveries is partitioned already.',
    );
  } catch (error) {
    throw migrateDatabaseUrl === undefined ? error : toOwnerError(error);
  } finally {
    await db.close();
  }
}
