import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { keep } from './services/keep.js';
import { waitUntil } from './wait-until.js';

const SERVER = "require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1e6)";
const KEEP = new URL('./services/keep.ts', import.meta.url).href;

/** Starts a server that writes its process id into `folder`, and waits for it. */
const OWNER = `
  const { keep } = await import(${JSON.stringify(KEEP)});
  keep({ command: process.execPath, args: ['-e', ${JSON.stringify(SERVER)}], folder: process.argv[1], stopSignal: 'SIGTERM' });
  console.log('kept');
  setInterval(() => {}, 1e6);`;

async function pidIn(folder: string): Promise<number> {
  const read = () => readFile(join(folder, 'pid'), 'utf8').catch(() => '');
  return Number(await waitUntil(read, { message: 'the server writes its process id' }));
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('ends the server and removes its folder on stop', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-keep-'));
  const kept = keep({ command: process.execPath, args: ['-e', SERVER], folder, stopSignal: 'SIGTERM' });
  const pid = await pidIn(folder);
  expect(kept.ended()).toBeUndefined();
  await kept.stop();
  expect(alive(pid)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

it('ends the server and removes its folder when its owner is killed with SIGKILL', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-keep-'));
  const args = ['--import', 'tsx', '--input-type=module', '-e', OWNER, folder];
  const owner = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface(owner.stdout), 'line');
  const pid = await pidIn(folder);
  owner.kill('SIGKILL');
  await waitUntil(() => !alive(pid), { message: 'the server ends' });
  await waitUntil(() => !existsSync(folder), { message: 'the folder is removed' });
});

it('tells how a server ended that ends by itself, and what it wrote', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-keep-'));
  const program = "console.error('bad setting'); process.exit(3)";
  const kept = keep({ command: process.execPath, args: ['-e', program], folder, stopSignal: 'SIGTERM' });
  expect(await waitUntil(() => kept.ended(), { message: 'the server ends' })).toBe('ended with code 3');
  expect(await kept.log()).toContain('bad setting');
  await kept.stop();
});
