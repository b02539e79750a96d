import { once } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import type { RedisNode, RedisSettings } from '../../../config/redis-url.js';

export type RedisClient = Redis | Cluster;

export interface RedisServer {
  readonly client: RedisClient;
  /** What the operator should mend, although it works. */
  readonly warnings: readonly string[];
  /** What it says about itself: that of the node that answered, in a cluster. */
  readonly info: string;
}

/** A connection that breaks is not mended, another is opened (link.ts); so what is under way fails at once instead of waiting. */
const COMMON = {
  lazyConnect: true,
  connectTimeout: 3_000,
  commandTimeout: 3_000,
  maxRetriesPerRequest: null,
  enableOfflineQueue: false,
  protocol: 2,
} as const;

/** BullMQ's scripts use what older ones lack. */
export const OLDEST = [6, 2] as const;

/**
 * Connects to the server that answers first, or to the cluster that it belongs to. The caller disconnects the client.
 * Throws what the last of them said, or an error that says what to mend on the server.
 */
export async function connectRedis(settings: RedisSettings): Promise<RedisServer> {
  let last: unknown;
  for (const node of settings.nodes) {
    const client = standalone(node, settings);
    const said = lastError(client);
    try {
      await client.connect();
      const info = await client.info();
      const warnings = judge(info);
      if (!/^redis_mode:cluster\r?$/m.test(info)) return { client: only(client, settings), warnings, info };
      client.disconnect();
      return { client: await cluster(settings), warnings, info };
    } catch (error) {
      client.disconnect();
      last = said() ?? error;
    }
  }
  throw last;
}

function standalone({ host, port }: RedisNode, settings: RedisSettings): Redis {
  const { username, password, db } = settings;
  const client = new Redis({
    ...COMMON,
    ...login(username, password),
    ...tls(settings),
    host,
    port,
    db,
    retryStrategy: () => null,
  });
  return client;
}

/** The reason why a connection was closed comes as an event; the rejection only says that it was. */
function lastError(client: RedisClient): () => unknown {
  let last: unknown;
  client.on('error', (error: unknown) => {
    last = error;
  });
  return () => last;
}

function only(client: Redis, { nodes }: RedisSettings): Redis {
  if (nodes.length === 1) return client;
  throw new Error('REDIS_URL names several nodes, but they are not a Redis Cluster');
}

async function cluster(settings: RedisSettings): Promise<Cluster> {
  const { nodes, username, password, db } = settings;
  if (db > 0) throw new Error('REDIS_URL names a database, but a Redis Cluster has database 0 alone');
  const client = new Cluster([...nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: COMMON.connectTimeout,
    // By its name, not by its address: a certificate is for the name.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: { ...COMMON, ...login(username, password), ...tls(settings) },
  });
  const said = lastError(client);
  // When its check of the cluster fails, `connect` never comes back.
  const ended = once(client, 'end').then(() => Promise.reject(new Error('the Redis Cluster is not ready')));
  try {
    await Promise.race([client.connect(), ended]);
    return client;
  } catch (error) {
    client.disconnect();
    throw said() ?? error;
  }
}

function login(username: string | undefined, password: string | undefined) {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

function tls({ isTls }: RedisSettings) {
  return isTls ? { tls: {} } : {};
}

function judge(info: string): string[] {
  const value = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const warnings: string[] = [];
  const version = value('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    warnings.push(`Redis is ${version}: BullMQ wants ${OLDEST.join('.')} or newer`);
  }
  const policy = value('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `maxmemory-policy of Redis is ${policy}: set it to noeviction, or deliveries that it drops wait until that is noticed`,
    );
  }
  return warnings;
}
