import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOne, type Check, type Limits } from '../context.js';
import { lasting } from '../told.js';

const MAINTENANCE = loadSql(import.meta.url, './maintenance.sql');

interface Maintenance {
  readonly autovacuum: string;
  readonly trackCounts: string;
  readonly withoutAutovacuum: readonly string[];
  readonly fullOfDead: readonly string[];
  readonly oldestTransactionS: number | null;
  readonly oldestPreparedS: number | null;
  readonly oldestXid: number;
}

/** That dead rows go: the queue and the counters of webhooks make a new version of a row with every delivery. */
export const maintenance: Check = {
  area: 'maintenance',
  needs: 'server',
  async run({ db, limits }) {
    const seen = await askOne<Maintenance>(db, MAINTENANCE);
    return orOk(
      'maintenance',
      [...vacuumOf(seen, limits), ...transactionsOf(seen, limits)],
      'Autovacuum is on, and keeps up.',
    );
  },
};

function vacuumOf(seen: Maintenance, limits: Limits): Finding[] {
  const found: Finding[] = [];
  const off = [
    ...(seen.autovacuum === 'off' ? ['autovacuum'] : []),
    ...(seen.trackCounts === 'off' ? ['track_counts'] : []),
  ];
  if (off.length > 0) {
    const what = `${off.join(' and ')} of the server is off: tables grow without end, and slow down.`;
    const mend = `${off.map((name) => `ALTER SYSTEM SET ${name} = on;`).join(' ')} SELECT pg_reload_conf(); then VACUUM ANALYZE.`;
    found.push(finding('maintenance', 'maintenance.autovacuum_off', what, mend));
  }
  if (seen.withoutAutovacuum.length > 0) {
    const tables = seen.withoutAutovacuum.join(', ');
    const mend = 'As the owner, for each: ALTER TABLE … RESET (autovacuum_enabled); then VACUUM ANALYZE it.';
    found.push(finding('maintenance', 'maintenance.table_autovacuum_off', `Autovacuum is off for ${tables}.`, mend));
  }
  if (seen.fullOfDead.length > 0) {
    const what = `More dead rows than live ones, and more than 100,000, are in ${seen.fullOfDead.join(', ')}.`;
    const mend =
      'VACUUM (ANALYZE) them as their owner; look for old transactions, which keep dead rows, and give autovacuum more room (autovacuum_vacuum_cost_limit).';
    found.push(finding('maintenance', 'maintenance.dead_rows', what, mend));
  }
  if (seen.oldestXid > limits.wraparoundAge) {
    const what = `A database of the server is ${seen.oldestXid.toLocaleString('en-US')} transactions past its last freeze: at 2.1 billion nothing can be written.`;
    const mend = 'End old transactions, and VACUUM FREEZE the database whose age(datfrozenxid) is the greatest.';
    found.push(finding('maintenance', 'maintenance.wraparound_near', what, mend));
  }
  return found;
}

function transactionsOf({ oldestTransactionS, oldestPreparedS }: Maintenance, limits: Limits): Finding[] {
  const found: Finding[] = [];
  if (oldestTransactionS !== null && oldestTransactionS > limits.transactionS) {
    const what = `A transaction has been open for ${lasting(oldestTransactionS)}: no row that died since can go.`;
    const mend =
      'SELECT pid, usename, application_name, xact_start FROM pg_stat_activity ORDER BY xact_start; names it; end it with pg_terminate_backend(pid).';
    found.push(finding('maintenance', 'maintenance.old_transaction', what, mend));
  }
  if (oldestPreparedS !== null && oldestPreparedS > limits.transactionS) {
    const what = `A prepared transaction has been left for ${lasting(oldestPreparedS)}: it keeps its locks, and dead rows.`;
    const mend = "SELECT gid, prepared, owner FROM pg_prepared_xacts; then COMMIT PREPARED or ROLLBACK PREPARED '…'.";
    found.push(finding('maintenance', 'maintenance.prepared_transaction', what, mend));
  }
  return found;
}
