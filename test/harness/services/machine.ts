import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const APT_TIMEOUT_MS = 10 * 60_000;
// A second apt-get (another run, unattended-upgrades) holds dpkg's lock for minutes at most.
const APT_OPTIONS = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

/** What the harness may do to the machine it is on. */
export interface Machine {
  /** True on Debian and its descendants, as root. */
  canInstall(): boolean;
  /** Installs packages without asking anything. Throws with the package manager's own words. */
  install(packages: readonly string[]): Promise<void>;
}

/** Services are provided side by side, and apt-get does not wait for another one's `update`. */
let installing: Promise<void> = Promise.resolve();

export const thisMachine: Machine = {
  canInstall: () => process.getuid?.() === 0 && existsSync('/etc/debian_version'),
  install(packages) {
    const done = installing.then(() => aptInstall(packages));
    installing = done.catch(() => undefined);
    return done;
  },
};

async function aptInstall(packages: readonly string[]): Promise<void> {
  // stderr, since a reporter may own stdout: minutes of silence look like a hang.
  process.stderr.write(`test harness: apt-get install ${packages.join(' ')}\n`);
  await aptGet(['update']);
  await startingNothing(() => aptGet(['install', ...APT_OPTIONS, ...packages]));
}

/** Asked by Debian's packages whether they may start their service. */
const POLICY = '/usr/sbin/policy-rc.d';

/** The tests run servers of their own: what is installed for them must not run as a service of the machine. */
async function startingNothing(work: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return work();
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', args, { env, timeout: APT_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
}
