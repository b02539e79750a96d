import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { lockDataDir } from '../../src/db/lock.js';
import { openDatabase } from '../../src/db/open.js';
import { HooklineError } from '../../src/errors.js';
import { fillDataDir } from '../harness/pglite-databases.js';
import { waitUntil } from '../harness/wait-until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Of the program that is translated once a run: 17 processes would each translate it again.
const source = (file: string): string =>
  JSON.stringify(new URL(`../db/${file}`, pathToFileURL(inject('program'))).href);

/** Opens the database of the folder, adds a row, says so, and closes it at a line on stdin; the process stays. */
const DATABASE_OWNER = `
  const { openDatabase } = await import(${source('open.js')});
  const db = await openDatabase({ dataDir: process.argv[1] });
  await db.query('CREATE TABLE IF NOT EXISTS kept (n int)');
  await db.query('INSERT INTO kept VALUES (1)');
  console.log('open');
  process.stdin.once('data', async () => { await db.close(); console.log('closed'); });
  setInterval(() => {}, 1e6);`;

/** Tries to take the lock at a line on stdin, and says what came of it. */
const LOCKER = `
  const { lockDataDir } = await import(${source('lock.js')});
  console.log('ready');
  process.stdin.once('data', async () => {
    console.log(await lockDataDir(process.argv[1], () => console.log('lost')).then(() => 'locked', (error) => error.code));
  });
  setInterval(() => {}, 1e6);`;

/** Takes the lock and says its own process id. */
const LOCK_AT_ONCE = `
  const { lockDataDir } = await import(${source('lock.js')});
  await lockDataDir(process.argv[1], () => {});
  console.log(process.pid);
  setInterval(() => {}, 1e6);`;

interface Owner {
  readonly pid: number;
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: Interface;
  /** The next line that it says. */
  next(): Promise<string>;
  say(): void;
}

let folder: string;
let started: Owner[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-lock-'));
});
afterEach(async () => {
  for (const { process } of started) await kill(process);
  started = [];
  await rm(folder, { recursive: true, force: true });
});

function argsOf(program: string): string[] {
  return ['--input-type=module', '-e', program, folder];
}

function start(program: string): Owner {
  const process_ = spawn(process.execPath, argsOf(program), { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(process_.stdout);
  const said = lines[Symbol.asyncIterator]();
  const owner: Owner = {
    pid: process_.pid ?? 0,
    process: process_,
    lines,
    next: async () => String((await said.next()).value),
    say: () => void process_.stdin.write('go\n'),
  };
  started.push(owner);
  return owner;
}

async function kill(child: Owner['process']): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Starts a process that holds the lock. */
async function lockOwner(): Promise<Owner> {
  const owner = start(LOCKER);
  expect(await owner.next()).toBe('ready');
  owner.say();
  expect(await owner.next()).toBe('locked');
  return owner;
}

async function expectRefused(opening: Promise<unknown>, pid: number): Promise<void> {
  const error: unknown = await opening.catch((reason: unknown) => reason);
  if (!(error instanceof HooklineError)) throw new Error('The folder was opened a second time.');
  expect(error.code).toBe('data_dir_locked');
  expect(error.message).toContain(`process ${pid} `);
  expect(error.message).toContain(folder);
  expect(error.hint).toMatch(/HOOKLINE_DATA_DIR.*DATABASE_URL/);
}

const lock = () => lockDataDir(folder, () => undefined);

const fill = () => fillDataDir(inject('runFolder'), folder, { migrated: false });

/** Far from the 17 s that a lock of an owner nobody knows anything of is waited for, on a machine that may stand still meanwhile. */
const SOON_MS = 10_000;

/** Expects the lock within a few seconds, and gives it back. */
async function expectSoon(locking: ReturnType<typeof lock>): Promise<void> {
  const began = performance.now();
  const release = await locking;
  expect(performance.now() - began).toBeLessThan(SOON_MS);
  await release();
}

it('refuses a second process while the first lives, and opens with its data soon after it was killed', async () => {
  await fill();
  const owner = start(DATABASE_OWNER);
  expect(await owner.next()).toBe('open');
  const refused = performance.now();
  await expectRefused(openDatabase({ dataDir: folder }), owner.pid);
  expect(performance.now() - refused).toBeLessThan(SOON_MS);

  await kill(owner.process);
  await expectSoon(lock());
  const db = await openDatabase({ dataDir: folder });
  expect((await db.query('SELECT n FROM kept', [])).rows).toEqual([{ n: 1 }]);
  await db.close();
}, 90_000);

it('opens at once after a clean close, while the process that had it still lives', async () => {
  await fill();
  const owner = start(DATABASE_OWNER);
  expect(await owner.next()).toBe('open');
  owner.say();
  expect(await owner.next()).toBe('closed');
  await expectSoon(lock());
  const db = await openDatabase({ dataDir: folder });
  expect((await db.query('SELECT n FROM kept', [])).rows).toEqual([{ n: 1 }]);
  await db.close();
}, 90_000);

it('refuses the same process a second time, and lets it in again after a close', async () => {
  await fill();
  const db = await openDatabase({ dataDir: folder });
  await expectRefused(openDatabase({ dataDir: folder }), process.pid);
  expect((await db.query('SELECT 1 AS v', [])).rows).toEqual([{ v: 1 }]);
  await Promise.all([db.close(), db.close()]);
  await db.close();
  const again = await openDatabase({ dataDir: folder });
  expect((await again.query('SELECT 1 AS v', [])).rows).toEqual([{ v: 1 }]);
  await again.close();
}, 90_000);

it('makes the folder for its owner alone, and gives the lock back when the database does not open', async () => {
  const dataDir = join(folder, 'deep', 'data');
  await (await lockDataDir(dataDir, () => undefined))();
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  // Called a database, and none: PGlite takes a fifth of the time to see it that a file in the folder's place takes.
  await mkdir(join(dataDir, 'pglite'));
  await writeFile(join(dataDir, 'pglite', 'PG_VERSION'), '17\n');
  await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: 'internal_error' });
  await (await lockDataDir(dataDir, () => undefined))();
}, 90_000);

it('keeps a stopped owner’s lock, however long it has not touched it', async () => {
  const owner = await lockOwner();
  owner.process.kill('SIGSTOP');
  const hourAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, 'hookline.lock'), hourAgo, hourAgo);
  await expectRefused(lock(), owner.pid);
});

it('tells an owner that lost its lock', async () => {
  const owner = await lockOwner();
  const hourAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, 'hookline.lock'), hourAgo, hourAgo);
  expect(await owner.next()).toBe('lost');
});

// Only Linux tells when a process was started, and that it has ended but is still in the table.
if (process.platform === 'linux') {
  it('takes over from an owner whose process id another process has now', async () => {
    const owner = await lockOwner();
    await kill(owner.process);
    const file = join(folder, 'owner.json');
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...Object(record), pid: process.ppid }));
    await expectSoon(lock());
  });

  it('takes over from an owner that was killed and that its parent does not look after', async () => {
    const parent = spawn('sh', ['-c', '"$0" "$@" & exec sleep 60', process.execPath, ...argsOf(LOCK_AT_ONCE)], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [pid] = await once(createInterface(parent.stdout), 'line');
      process.kill(Number(pid), 'SIGKILL');
      await waitUntil(async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '), {
        message: 'a zombie',
      });
      await expectSoon(lock());
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });
}

it('lets one of many in at once, into a new folder and after the owner was killed', async () => {
  for (const round of ['new', 'killed']) {
    const rivals = Array.from({ length: 5 }, () => start(LOCKER));
    for (const rival of rivals) expect(await rival.next()).toBe('ready');
    for (const rival of rivals) rival.say();
    const answers = await Promise.all(rivals.map((rival) => rival.next()));
    expect(answers.toSorted(), round).toEqual([...Array(4).fill('data_dir_locked'), 'locked']);
    for (const { process } of rivals) await kill(process);
  }
}, 60_000);

it('refuses a path that is no folder, and names the setting', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await expect(openDatabase({ dataDir: file })).rejects.toMatchObject({
    code: 'invalid_config',
    hint: expect.stringContaining('HOOKLINE_DATA_DIR'),
  });
});
