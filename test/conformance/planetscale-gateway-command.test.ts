import { connect } from '@planetscale/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';

/** Reads the URL that the command prints. */
async function urlOf(child: HooklineProcess): Promise<string> {
  await child.waitForOutput('DATABASE_URL=');
  return /^DATABASE_URL=(\S+)$/m.exec(child.output())?.[1] ?? '';
}

describe('hookline planetscale-gateway', { timeout: 120_000 }, () => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await newMariadbDatabase({ migrated: false });
  });
  afterAll(() => database.drop());

  const hookline = async (args: readonly string[], env: Record<string, string> = {}) => {
    const child = startHooklineProcess(['planetscale-gateway', ...args], env);
    return { code: await child.ended(), output: child.output() };
  };

  it('explains itself, and that it is for development', async () => {
    const { code, output } = await hookline(['--help']);
    expect(code).toBe(0);
    for (const part of [
      '--mysql',
      '--port',
      '--user',
      '--password',
      '--safe-migrations',
      'For development',
      'Environment:',
      'Examples:',
      '/faults',
    ]) {
      expect(output).toContain(part);
    }
  });

  it('prints the URL for the driver, refuses DDL if told so, and ends on Ctrl-C', async () => {
    const child = startHooklineProcess(
      [
        'planetscale-gateway',
        '--port',
        '0',
        '--user',
        'dev',
        '--password',
        'p-1',
        '--safe-migrations',
        '--log-level',
        'debug',
      ],
      { HOOKLINE_GATEWAY_MYSQL: database.url },
    );
    const url = await urlOf(child);
    expect(url).toMatch(/^http:\/\/dev:p-1@127\.0\.0\.1:\d+$/);
    const connection = connect({ url });
    expect((await connection.execute("SELECT 'secret value' AS v")).rows).toEqual([{ v: 'secret value' }]);
    await expect(connection.execute('CREATE TABLE t (id INT)')).rejects.toThrow('direct DDL is disabled');
    await child.waitForOutput('gateway.executed');
    expect(await child.end('SIGINT')).toBe(0);
    expect(child.output()).not.toContain('secret value');
  });

  it('makes a password when none is given', async () => {
    const children = [0, 1].map(() =>
      startHooklineProcess(['planetscale-gateway', '--port', '0', '--mysql', database.url], {}),
    );
    const passwords = await Promise.all(children.map(async (child) => new URL(await urlOf(child)).password));
    expect(new Set(passwords).size).toBe(2);
    for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{24}$/);
    for (const child of children) expect(await child.end('SIGTERM')).toBe(0);
  });

  it.each([
    [[], 2, /--mysql <url>' not specified/],
    [['--mysql', 'mysql://127.0.0.1/x', '--port', 'http'], 2, /--port/],
    [['--mysql', 'mysql://127.0.0.1/x', '--log-level', 'loud'], 2, /Allowed choices/],
    [['--mysql', 'postgres://u:hidden@127.0.0.1/x'], 1, /Hint: .*mysql:\/\/user.*\nCode: {2}invalid_config/],
    [['--mysql', 'mysql://u:hidden@127.0.0.1:3306'], 1, /names no database.*\nHint: .*\nCode: {2}invalid_config/],
    [
      ['--mysql', 'mysql://u:hidden@127.0.0.1:9/x'],
      1,
      /cannot be reached.*\n(.*\n)*Hint: .*--mysql.*\nCode: {2}database_unavailable/,
    ],
    [['--mysql', 'mysql://127.0.0.1:9/x', '--user', 'a@b'], 1, /The user .*\nHint: .*\nCode: {2}invalid_config/],
    [
      ['--mysql', 'mysql://127.0.0.1:9/x', '--password', 'a/b'],
      1,
      /The password .*\nHint: .*\nCode: {2}invalid_config/,
    ],
  ])('ends with a clear error when called with %j', async (args, code, message) => {
    const ended = await hookline(args);
    expect(ended).toEqual({ code, output: expect.stringMatching(message) });
    expect(ended.output).not.toContain('hidden');
  });

  it('says that the login or the database is wrong, and that a port is taken', async () => {
    const wrong = new URL(database.url);
    wrong.password = 'hidden';
    const refused = await hookline(['--mysql', wrong.href]);
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(/Hint: .*--mysql.*\nCode: {2}database_refused/) });
    const taken = await hookline(['--mysql', database.url, '--port', wrong.port]);
    expect(taken).toEqual({ code: 1, output: expect.stringMatching(/Hint: .*--port.*\nCode: {2}address_in_use/) });
  });
});
