import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateMysql } from '../../src/db/mysql/migrate.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { definition, ledger, MIGRATIONS, refusal } from './mysql-helpers.js';
import { isDdl, startMysqlProxy, type Verdict } from './mysql-proxy.js';

const isLedgerRow = (sql: string): boolean => sql.startsWith('INSERT INTO hookline_migrations');

describe('migrations of a MySQL store that were interrupted', () => {
  let database: MariadbDatabase;
  let whole: string | undefined;
  beforeEach(async () => {
    const made = await newMariadbDatabase();
    whole = await definition(made.pool);
    await made.drop();
    database = await newMariadbDatabase({ migrated: false });
  });
  afterEach(() => database.drop());

  const places: [string, Verdict, (sql: string) => boolean][] = [
    ['before the ledger was made', 'break-before', isDdl],
    ['after the ledger was made', 'break-after', isDdl],
    ['after the table was made', 'break-after', (sql) => sql.includes('TABLE IF NOT EXISTS ai_content')],
    ['before the table’s row in the ledger', 'break-before', isLedgerRow],
    ['after the table’s row in the ledger', 'break-after', isLedgerRow],
    ['before the columns were added', 'break-before', (sql) => sql.startsWith('ALTER')],
    ['after the columns were added', 'break-after', (sql) => sql.startsWith('ALTER')],
    ['before the columns’ row in the ledger', 'break-before', (sql) => isLedgerRow(sql) && sql.includes(MIGRATIONS[1])],
    ['after the columns’ row in the ledger', 'break-after', (sql) => isLedgerRow(sql) && sql.includes(MIGRATIONS[1])],
  ];

  it.each(places)('%s are finished by the next run', async (_where, verdict, isHere) => {
    const proxy = await startMysqlProxy(database.url, (sql) => (isHere(sql) ? verdict : 'pass'));
    try {
      expect((await refusal(migrateMysql(proxy))).code).toBe('database_unavailable');
    } finally {
      await proxy.close();
    }
    await migrateMysql(database);
    expect(await definition(database.pool)).toBe(whole);
    expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);
    expect(await migrateMysql(database, { dryRun: true })).toEqual({ applied: [], pending: [] });
  });

  it('by SIGKILL between a statement and its row in the ledger are finished by the next process', {
    timeout: 120_000,
  }, async () => {
    // Its answer never comes, so the process stands between the two when it is killed.
    const proxy = await startMysqlProxy(database.url, (sql) => (isLedgerRow(sql) ? 'hold' : 'pass'));
    try {
      const env = { HOOKLINE_RECEIVER_URL: proxy.url };
      const killed = startHooklineProcess(['migrate', '--target', 'mysql'], env);
      await waitUntil(() => proxy.heard.some(isLedgerRow), { message: 'the row of the ledger', timeoutMs: 60_000 });
      expect(await killed.end('SIGKILL')).toBe('SIGKILL');
      expect([await ledger(database.pool), killed.output()]).toEqual([[], '']);
    } finally {
      await proxy.close();
    }
    const next = startHooklineProcess(['migrate', '--target', 'mysql'], { HOOKLINE_RECEIVER_URL: database.url });
    expect([await next.ended(), next.output()]).toEqual([0, `applied  ${MIGRATIONS[1]}\n`]);
    expect(await definition(database.pool)).toBe(whole);
    expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);
  });
});
