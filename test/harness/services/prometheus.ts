import { execFile } from 'node:child_process';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../wait-until.js';
import { onFreePort } from './free-port.js';
import { keep } from './keep.js';
import { provision } from './provision.js';
import type { Programs, Service } from './service.js';
import { unprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);
/** The first whose promtool lints what it reads from standard input as ours does. */
const OLDEST = { major: 2, minor: 40 } as const;
const START_TIMEOUT_MS = 30_000;
/** Long enough to install it first: the bound of a hook that calls `prometheusPrograms`. */
export const PROMETHEUS_TIMEOUT_MS = 10 * 60_000;

/** The server; promtool lies beside it, or on PATH. */
const prometheusServer: Programs<string> = {
  name: `Prometheus ${OLDEST.major}.${OLDEST.minor} or newer`,
  debianPackages: ['prometheus'],
  advice: 'Install it (macOS: brew install prometheus; Debian and Ubuntu: sudo apt-get install prometheus)',
  async find() {
    return (await isNewEnough('prometheus')) ? 'prometheus' : undefined;
  },
};

/** Prometheus' program: what the environment names, or what is on the machine. A test starts it with `startPrometheus`. */
export const prometheus: Service<string> = {
  programs: prometheusServer,
  variable: 'HOOKLINE_TEST_PROMETHEUS',
  async check(path) {
    if (!(await isNewEnough(path))) throw new Error(`it is no Prometheus ${OLDEST.major}.${OLDEST.minor} or newer`);
  },
  start: async (path) => ({ address: path, stop: async () => undefined }),
};

async function isNewEnough(path: string): Promise<boolean> {
  const told = await run(path, ['--version']).catch(() => undefined);
  // An old one wrote its version to standard error.
  const [, major, minor] = /version (\d+)\.(\d+)\./.exec(`${told?.stdout}${told?.stderr}`) ?? [];
  return Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
}

export interface Promtool {
  readonly code: number;
  readonly output: string;
}

/** Runs `promtool` with the text on its standard input, and gives how it ended and what it said. */
export async function promtool(args: readonly string[], input = ''): Promise<Promtool> {
  const { address } = await provision(prometheus);
  const program = address.includes('/') ? join(dirname(address), 'promtool') : 'promtool';
  const done = run(program, [...args]);
  done.child.stdin?.end(input);
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: Error & { code?: number | string; stdout?: string; stderr?: string }) => {
      if (typeof error.code !== 'number') throw error;
      return { code: error.code, output: `${error.stdout}${error.stderr}` };
    },
  );
}

export interface PrometheusServer {
  readonly url: string;
  /** What a path of its API answers as `data`. Throws what it says when it answers with an error. */
  api<T>(path: string, query?: Readonly<Record<string, string>>): Promise<T>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a Prometheus with the configuration (YAML) on a free port of 127.0.0.1, and waits until it is ready. `files` come into its folder beside it. */
export function startPrometheus(
  configuration: string,
  files: Readonly<Record<string, string>> = {},
): Promise<PrometheusServer> {
  return onFreePort((port) => startOn(port, configuration, files));
}

async function startOn(
  port: number,
  configuration: string,
  files: Readonly<Record<string, string>>,
): Promise<PrometheusServer> {
  const { address: command } = await provision(prometheus);
  const user = await unprivilegedUser(['prometheus', 'nobody']);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-prometheus-'));
  const paths = Object.entries({ 'prometheus.yml': configuration, ...files }).map(([name, text]) => ({
    path: join(folder, name),
    text,
  }));
  for (const { path, text } of paths) await writeFile(path, text, { mode: 0o600 });
  if (user) for (const path of [folder, ...paths.map(({ path }) => path)]) await chown(path, user.uid, user.gid);
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  const kept = keep({ command, args, folder, stopSignal: 'SIGTERM', user });
  const isReady = async () => {
    if (kept.ended()) throw new Error(`Prometheus ended: ${kept.ended()}\n${await kept.log()}`);
    return fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  try {
    await waitUntil(isReady, { message: 'Prometheus to be ready', timeoutMs: START_TIMEOUT_MS, intervalMs: 50 });
  } catch (error) {
    await kept.stop();
    throw error;
  }
  return {
    url,
    async api<T>(path: string, query: Readonly<Record<string, string>> = {}) {
      const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(query)}`);
      const answer: { status: string; error?: string; data: T } = JSON.parse(await response.text());
      if (answer.status !== 'success') throw new Error(`${path} ${JSON.stringify(query)}: ${answer.error}`);
      return answer.data;
    },
    stop: () => kept.stop(),
  };
}
