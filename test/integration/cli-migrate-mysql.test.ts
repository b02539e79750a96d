import { describe, expect, it } from 'vitest';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { runCommand } from '../harness/run-command.js';
import { MIGRATIONS, rows } from './mysql-helpers.js';
import { DIRECT_DDL_DISABLED, isDdl, startMysqlProxy } from './mysql-proxy.js';

async function migrate(env: Record<string, string>, ...options: string[]) {
  const { code, output } = await runCommand(['migrate', '--target', 'mysql', ...options], env);
  return { code, output };
}

const lines = (word: string): string => MIGRATIONS.map((name) => `${word}  ${name}\n`).join('');

describe('hookline migrate --target mysql', { timeout: 120_000 }, () => {
  it('lists, applies, and has nothing more to do', async () => {
    const database = await newMariadbDatabase({ migrated: false });
    const env = { HOOKLINE_RECEIVER_URL: database.url };
    try {
      expect(await migrate(env, '--dry-run')).toEqual({ code: 0, output: lines('pending') });
      expect(await migrate(env)).toEqual({ code: 0, output: lines('applied') });
      expect(await migrate(env)).toEqual({ code: 0, output: 'The database is up to date.\n' });
    } finally {
      await database.drop();
    }
  });

  it('names the deploy request where safe migrations are on', async () => {
    const database = await newMariadbDatabase({ migrated: false });
    const proxy = await startMysqlProxy(database.url, (sql) => (isDdl(sql) ? DIRECT_DDL_DISABLED : 'pass'));
    try {
      const { code, output } = await migrate({ HOOKLINE_RECEIVER_URL: proxy.url });
      expect(code).toBe(1);
      expect(output).toMatch(
        /Hint: .*pscale deploy-request create <database> <branch>.*\nCode: {2}direct_ddl_disabled/,
      );
      expect(await rows(database.pool, 'SHOW TABLES')).toEqual([]);
    } finally {
      await proxy.close();
      await database.drop();
    }
  });

  it('says which settings it needs, and never repeats a password', async () => {
    const unset = await migrate({ DATABASE_URL: 'postgres://u:hidden-password@127.0.0.1:9/app' });
    expect([unset.code, unset.output]).toEqual([
      1,
      expect.stringMatching(/Hint: .*HOOKLINE_RECEIVER_URL.*\nCode: {2}invalid_config/),
    ]);
    const away = await migrate({ HOOKLINE_RECEIVER_URL: 'mysql://u:hidden-password@127.0.0.1:9/app' });
    expect([away.code, away.output]).toEqual([
      1,
      expect.stringMatching(/Cause: .*ECONNREFUSED[\s\S]*Code: {2}database_unavailable/),
    ]);
    const refused = await migrate({ HOOKLINE_RECEIVER_URL: 'postgres://u:hidden-password@127.0.0.1:9/app' });
    expect(refused.output).toContain('Code:  invalid_config');
    for (const { output } of [unset, away, refused]) expect(output).not.toContain('hidden-password');
  });

  it('knows no other target', async () => {
    const { code, output } = await runCommand(['migrate', '--target', 'oracle'], {});
    expect([code, output]).toEqual([2, expect.stringContaining('postgres, mysql')]);
  });
});
