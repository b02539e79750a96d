import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { waitUntil } from '../wait-until.js';
import { freePort, onFreePort } from './free-port.js';
import { type Kept, keep } from './keep.js';
import { findOrInstall } from './provision.js';
import type { Programs, Service } from './service.js';
import { unprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;

const redisServer: Programs<string> = {
  name: 'Redis 7 or newer',
  debianPackages: ['redis-server'],
  advice: 'Install it (macOS: brew install redis; Debian and Ubuntu: sudo apt-get install redis-server)',
  async find() {
    const found = await run('redis-server', ['--version']).catch(() => undefined);
    return Number(/v=(\d+)/.exec(found?.stdout ?? '')?.[1] ?? 0) >= 7 ? 'redis-server' : undefined;
  },
};

export const redis: Service<string> = {
  programs: redisServer,
  variable: 'HOOKLINE_TEST_REDIS_URL',
  async check(address) {
    await withRedis(address, (client) => client.set('hookline_test', '', 'EX', 1));
  },
  async start() {
    const server = await startRedis();
    return { address: server.address, stop: () => server.remove() };
  },
};

export interface RedisOptions {
  readonly shape?: 'single' | 'cluster';
  /** As PEM; with them it speaks TLS alone. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Settings of redis.conf beside our own. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A throw-away Redis, which can be taken away and brought back on the same port and data folder. */
export interface RedisServer {
  /** With the password, the same after every start. */
  readonly address: string;
  readonly port: number;
  /** Ends it: in good order, which saves what its settings ask for, or as in a crash. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good and removes its data. */
  remove(): Promise<void>;
}

/**
 * Starts a Redis from programs on the machine, on a free port of 127.0.0.1, with a password of its own, writing nothing to disk unless `settings` say so.
 * A cluster is one node that has all slots.
 */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  return onFreePort((port) => startOn(port, options));
}

async function startOn(port: number, { shape = 'single', tls, settings = {} }: RedisOptions): Promise<RedisServer> {
  const command = await findOrInstall(redisServer);
  const user = await unprivilegedUser(['redis', 'nobody']);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-redis-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  if (tls) await Promise.all([writeFile(files.cert, tls.cert), writeFile(files.key, tls.key)]);
  for (const path of tls ? [files.cert, files.key, folder] : [folder]) if (user) await chown(path, user.uid, user.gid);
  const password = randomBytes(16).toString('hex');
  const all: Record<string, string> = {
    ...(tls ? { port: '0', 'tls-port': `${port}`, 'tls-auth-clients': 'no' } : { port: `${port}` }),
    ...(tls && { 'tls-cert-file': files.cert, 'tls-key-file': files.key, 'tls-ca-cert-file': files.cert }),
    ...(shape === 'cluster' && {
      'cluster-enabled': 'yes',
      // Its own would be 10000 higher than the other, which may be none.
      'cluster-port': `${await freePort()}`,
      // A node that has met no other does not know where it is.
      'cluster-announce-ip': '127.0.0.1',
    }),
    bind: '127.0.0.1',
    dir: folder,
    requirepass: password,
    save: '',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const address = `${tls ? 'rediss' : 'redis'}://:${password}@127.0.0.1:${port}`;
  const keepers: Kept[] = [];

  async function start(): Promise<void> {
    const kept = keep({ command, args, folder, stopSignal: 'SIGTERM', user });
    keepers.push(kept);
    const answers = async () => {
      if (kept.ended()) throw new Error(`Redis ended: ${kept.ended()}\n${await kept.log()}`);
      return withRedis(address, (client) => client.ping()).catch(() => undefined);
    };
    await waitUntil(answers, { message: 'Redis answers', timeoutMs: START_TIMEOUT_MS, intervalMs: 20 });
  }

  async function remove(): Promise<void> {
    for (const keeper of keepers.toReversed()) await keeper.stop();
  }

  try {
    await start();
    if (shape === 'cluster') await formCluster(address);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    address,
    port,
    async stop(signal) {
      const info = await withRedis(address, (client) => client.info('server'));
      process.kill(Number(/process_id:(\d+)/.exec(info)?.[1]), signal);
      await waitUntil(() => keepers.at(-1)?.ended(), { message: 'Redis to end', timeoutMs: START_TIMEOUT_MS });
    },
    start,
    remove,
  };
}

async function formCluster(address: string): Promise<void> {
  await withRedis(address, async (client) => {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    const isFormed = async () => String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
    await waitUntil(isFormed, { message: 'the cluster to form', timeoutMs: START_TIMEOUT_MS, intervalMs: 50 });
  });
}

/** Asks one thing on a connection of its own, which trusts any certificate. Throws when Redis cannot be reached. */
export async function withRedis<T>(address: string, fn: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(address, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 5_000,
    ...(address.startsWith('rediss:') && { tls: { rejectUnauthorized: false } }),
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await fn(client);
  } finally {
    client.disconnect();
  }
}
