import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { runCommand } from '../harness/run-command.js';

/** As a process of its own, where that is what is tested. */
async function hookline(args: readonly string[], env: Record<string, string> = {}) {
  const child = startHooklineProcess(args, env);
  const code = await child.ended();
  return { code, output: child.output() };
}

describe('the command line', { timeout: 120_000 }, () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hookline-cli-'));
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('tells its version', async () => {
    const manifest: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await runCommand(['--version'], {})).toMatchObject({ code: 0, out: `${manifest.version}\n`, err: '' });
  });

  it.each(['start', 'api', 'worker', 'migrate', 'demo'])(
    'explains %s, the environment it reads, and examples',
    async (name) => {
      const { code, out } = await runCommand([name, '--help'], {});
      expect(code).toBe(0);
      expect(out).toContain(`Usage: hookline ${name}`);
      expect(out).toMatch(/Environment:\n {2}[A-Z_]+ {2}/);
      expect(out).toMatch(/Examples:\n {2}\$ .*hookline/);
      if (name === 'api' || name === 'worker') expect(out).toMatch(/DATABASE_URL +PostgreSQL, .*\(required\)\n/);
    },
  );

  it.each([['--help'], ['demo', '--help'], ['nonsense']])(
    'ends quietly when its reader has gone: %s',
    async (...args) => {
      const child = spawn(process.execPath, [inject('program'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const silent = args[0] === 'nonsense' ? child.stderr : child.stdout;
      let rest = '';
      (silent === child.stdout ? child.stderr : child.stdout).on('data', (chunk: Buffer) => {
        rest += chunk.toString();
      });
      silent.destroy();
      const [code] = await once(child, 'exit');
      expect([code, rest]).toEqual([args[0] === 'nonsense' ? 2 : 0, '']);
    },
  );

  it.each([[['nonsense']], [['start', '--nonsense']], [[]]])('ends with 2 when called as %j', async (args) => {
    expect(await runCommand(args, {})).toMatchObject({ code: 2, out: '' });
  });

  it('ends with 1, message, hint and code on a wrong setting, without its value', async () => {
    const { code, output } = await hookline(['start'], { PORT: 'http', HOOKLINE_JWT_SECRET: 'too-short' });
    expect(code).toBe(1);
    expect(output).toMatch(/Error: .*PORT takes .*HOOKLINE_JWT_SECRET takes /);
    expect(output).toMatch(/Hint: .*\nCode: {2}invalid_config/);
    expect(output).not.toContain('too-short');
  });

  it.each(['api', 'worker'])('says that %s alone needs PostgreSQL', async (name) => {
    const { code, output } = await hookline([name], { HOOKLINE_DATA_DIR: dataDir });
    expect(code).toBe(1);
    expect(output).toMatch(/Error: .*PostgreSQL.*\nHint: {2}Set DATABASE_URL.*\nCode: {2}needs_postgres/);
  });

  it('refuses an owner’s URL without the application’s', async () => {
    const env = { HOOKLINE_MIGRATE_DATABASE_URL: 'postgres://owner@localhost/app' };
    expect((await hookline(['start'], env)).output).toContain('Code:  invalid_config');
  });

  it('migrates the embedded database: first lists, then applies, then has nothing to do; one process has its folder, and its port', async () => {
    const env = { HOOKLINE_DATA_DIR: join(dataDir, 'shared') };
    const listed = await hookline(['migrate', '--dry-run'], env);
    expect([listed.code, listed.output]).toEqual([0, expect.stringMatching(/^pending {2}0001_.*\.sql\n/)]);
    const applied = await hookline(['migrate'], env);
    expect([applied.code, applied.output]).toEqual([0, listed.output.replaceAll('pending', 'applied')]);
    expect(await hookline(['migrate'], env)).toEqual({ code: 0, output: 'The database is up to date.\n' });

    const first = startHooklineProcess(['start'], { ...env, PORT: '0' });
    await first.waitForOutput('hookline.started', 60_000);
    expect(first.output()).toContain(`"keys_file":"${join(dataDir, 'shared', 'keys.json')}"`);
    const second = await hookline(['start'], { ...env, PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.output).toContain(`process ${first.pid}`);
    expect(second.output).toMatch(/Hint: .*HOOKLINE_DATA_DIR.*\nCode: {2}data_dir_locked/);
    expect(await first.end('SIGTERM')).toBe(0);

    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const third = await hookline(['start'], { ...env, PORT: String((taken.address() as AddressInfo).port) });
    taken.close();
    expect(third.code).toBe(1);
    expect(third.output).toMatch(/Hint: .*PORT.*\nCode: {2}address_in_use/);
  });
});
