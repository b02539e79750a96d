import { Cluster, Redis } from 'ioredis';
import type { Logger } from 'pino';
import { parseRedisUrl } from '../../config/redis-url.js';

/** A request waits for this long at most, and is then let through. */
const ANSWER_WITHIN_MS = 500;
const CONNECT_WITHIN_MS = 3_000;

/** A client that mends its connection by itself; while it has none, commands fail at once. It says once that Redis has gone, and that it is back. */
export function openRateLimitRedis(url: string, log: Logger): Redis | Cluster {
  const { nodes, isTls, username, password, db } = parseRedisUrl(url);
  const options = {
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: ANSWER_WITHIN_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    protocol: 2,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isTls && { tls: {} }),
  } as const;
  const client =
    nodes.length === 1
      ? new Redis({ ...options, ...nodes[0], db })
      : new Cluster([...nodes], {
          enableOfflineQueue: false,
          // By its name, not by its address: a certificate is for the name.
          dnsLookup: (address, callback) => callback(null, address),
          redisOptions: options,
        });
  let isAway = false;
  client.on('error', (error: Error) => {
    // Not the error itself: that of a refused login carries the command, and with it the password.
    if (!isAway) log.warn({ reason: error.message }, 'redis.away: requests are not limited until it is back.');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) log.info('redis.back');
    isAway = false;
  });
  return client;
}
