import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Postgres } from './postgres.js';
import { EVENT_TYPE, payloads } from './work.js';

const run = promisify(execFile);
export const CLIENTS = 16;

export interface TriggerBench {
  /** Transactions a second of 16 clients for so long, each of one trigger_webhook_event for the next user by chance. */
  run(seconds: number): Promise<number>;
  remove(): Promise<void>;
}

/** pgbench, on events of about 500 bytes for these users. */
export async function triggerBench(postgres: Postgres, url: string, users: readonly string[]): Promise<TriggerBench> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-bench-pgbench-'));
  const script = join(folder, 'trigger.sql');
  await writeFile(script, scriptFor(users));
  return {
    run: (seconds) => pgbench(postgres.program('pgbench'), url, script, seconds),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function scriptFor(users: readonly string[]): string {
  const [body = ''] = payloads(1);
  const text = body.replaceAll("'", "''");
  return `\\set n random(1, ${users.length})
SELECT count(*) FROM trigger_webhook_event('${EVENT_TYPE}', '${text}', ('{${users.join(',')}}'::uuid[])[:n]);\n`;
}

async function pgbench(program: string, url: string, script: string, seconds: number): Promise<number> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const args = ['--no-vacuum', '-M', 'prepared', '-c', String(CLIENTS), '-j', '2', '-T', String(seconds), '-f', script];
  const env = { ...process.env, PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password };
  const { stdout } = await run(program, [...args, pathname.slice(1)], { env, timeout: (seconds + 60) * 1000 });
  const tps = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  if (Number.isNaN(tps) || !/number of failed transactions: 0 /.test(stdout))
    throw new Error(`pgbench said:\n${stdout}`);
  return tps;
}
