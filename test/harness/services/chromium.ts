import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, chromium as driver } from 'playwright-core';
import { provision } from './provision.js';
import type { Programs, Service } from './service.js';

const run = promisify(execFile);
/** The first whose Web Crypto has Ed25519. */
const OLDEST = 137;

const NAMES = [
  // Without windows and their compositor: pages cost it a quarter to a third less than Debian's `chromium`.
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Chromium or Chrome: its name on PATH, or its path. */
const chromiumProgram: Programs<string> = {
  name: `Chromium or Chrome ${OLDEST} or newer`,
  debianPackages: ['chromium-headless-shell'],
  advice: 'Install it (macOS: brew install --cask google-chrome; Debian and Ubuntu: sudo apt-get install chromium)',
  async find() {
    for (const name of NAMES) if ((await major(name).catch(() => 0)) >= OLDEST) return name;
    return undefined;
  },
};

/** A browser's program: what the environment names, or what is on the machine. A test starts it with `openBrowser`. */
export const chromium: Service<string> = {
  programs: chromiumProgram,
  variable: 'HOOKLINE_TEST_CHROMIUM',
  async check(path) {
    const version = await major(path);
    if (version < OLDEST) throw new Error(`it is version ${version}, not ${OLDEST} or newer`);
  },
  start: async (path) => ({ address: path, stop: async () => undefined }),
};

async function major(path: string): Promise<number> {
  const { stdout } = await run(path, ['--version']);
  return Number(/(?:Chromium|Chrome)\D* (\d+)\./.exec(stdout)?.[1] ?? 0);
}

/** Long enough to install it first: the bound of a hook that calls `openBrowser`. */
export const BROWSER_TIMEOUT_MS = 10 * 60_000;

/**
 * A headless browser, which ends with this process, however that ends. The caller closes it. Throws an error that says what to do where there
 * is none.
 */
export async function openBrowser(): Promise<Browser> {
  const { address } = await provision(chromium);
  const { stdout } = await run('which', [address]);
  return driver.launch({ executablePath: stdout.trim() });
}
