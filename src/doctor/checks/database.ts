import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOne, type Check } from '../context.js';

const SERVER = loadSql(import.meta.url, './database.sql');
/** Tests run on 14 and newer. */
const OLDEST_MAJOR = 14;
/** A claim or a batch of results takes milliseconds, and seconds on a machine that is overloaded. */
const SHORTEST_TIMEOUT_MS = 10_000;

interface Server {
  readonly versionNumber: number;
  readonly version: string;
  readonly isStandby: boolean;
  readonly encoding: string;
  readonly timeZone: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly readOnly: string;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** The server: its version, whether it takes writes and keeps them, its encoding and time zone, and time-outs. */
export const database: Check = {
  area: 'database',
  needs: 'database',
  async run({ db }) {
    const server = await askOne<Server>(db, SERVER);
    if (db.kind === 'pglite') {
      const fine = `The embedded database answers (PostgreSQL ${server.version}).`;
      return orOk('database', [], fine);
    }
    const found = [...writesOf(server), ...versionOf(server), ...durabilityOf(server), ...timeoutsOf(server)];
    const zone = server.timeZone === 'UTC' ? '' : ' Hookline counts days in UTC all the same.';
    return orOk('database', found, `PostgreSQL ${server.version} answers, time zone ${server.timeZone}.${zone}`);
  },
};

function writesOf({ isStandby, readOnly }: Server): Finding[] {
  if (isStandby) {
    const mend = 'Point DATABASE_URL to the primary, or promote this server if it is to be that.';
    return [finding('database', 'database.standby', 'DATABASE_URL leads to a standby, which takes no writes.', mend)];
  }
  if (readOnly !== 'on') return [];
  const mend =
    'It is set for the server, the database or the login (ALTER SYSTEM, DATABASE or ROLE … SET default_transaction_read_only): find out why, often a full disk, then RESET it.';
  return [
    finding('database', 'database.read_only', 'default_transaction_read_only is on: nothing can be written.', mend),
  ];
}

function versionOf({ versionNumber, version, encoding }: Server): Finding[] {
  const found: Finding[] = [];
  if (versionNumber < OLDEST_MAJOR * 10_000) {
    const mend = `Upgrade to PostgreSQL ${OLDEST_MAJOR} or newer.`;
    found.push(finding('database', 'database.too_old', `The server is PostgreSQL ${version}.`, mend));
  }
  if (encoding !== 'UTF8') {
    const mend = "Dump it, and restore it into a database made with ENCODING 'UTF8' TEMPLATE template0.";
    found.push(finding('database', 'database.not_utf8', `The database is encoded in ${encoding}.`, mend));
  }
  return found;
}

function durabilityOf({ fsync, fullPageWrites, synchronousCommit }: Server): Finding[] {
  const off = Object.entries({ fsync, full_page_writes: fullPageWrites, synchronous_commit: synchronousCommit })
    .filter(([, value]) => value === 'off')
    .map(([name]) => name);
  if (off.length === 0) return [];
  const what = `${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off: a crash of the machine loses what had committed`;
  const worse = off.some((name) => name !== 'synchronous_commit') ? ', and may damage the database' : '';
  const mend = 'Turn them on in postgresql.conf, or with ALTER SYSTEM SET, and reload.';
  return [finding('database', 'database.not_durable', `${what}${worse}.`, mend)];
}

function timeoutsOf({ statementTimeoutMs, lockTimeoutMs }: Server): Finding[] {
  return Object.entries({ statement_timeout: statementTimeoutMs, lock_timeout: lockTimeoutMs })
    .filter(([, ms]) => ms > 0 && ms < SHORTEST_TIMEOUT_MS)
    .map(([name, ms]) =>
      finding(
        'database',
        'database.short_timeout',
        `${name} is ${ms} ms for this login: larger batches may be broken off and tried again.`,
        `Set it to ${SHORTEST_TIMEOUT_MS / 1000} s or more for this login: ALTER ROLE … SET ${name} = '15s'.`,
      ),
    );
}
