import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';
import type { Database } from '../../db/database.js';
import { asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { openRateLimitRedis } from './rate-limit-redis.js';

const INSTALLATION = loadSql(import.meta.url, './installation.sql');

export interface RateLimits {
  /** Requests a minute for each key or user, and for each address without valid credentials. Absent or 0: any number. */
  readonly rateLimit?: number | undefined;
  /** Requests a minute for the service. Absent or 0: any number. */
  readonly serviceRateLimit?: number | undefined;
  /** Redis, in which all processes count together; absent: each counts for itself. */
  readonly redisUrl?: string | undefined;
}

const WINDOW_MS = 60_000;
/** Callers whom one process counts without Redis; of more it forgets those who came first. */
const MOST_CALLERS = 10_000;

/**
 * Makes `app.rateLimit()`, which auth/know-callers.ts counts with; by itself it limits nothing. Over the limit is `rate_limited` (429) with Retry-After; every answer
 * has RateLimit-Limit, -Remaining and -Reset. While Redis is away nobody is refused.
 */
export function limitRates(app: FastifyInstance, db: Database, { redisUrl, ...limits }: RateLimits, log: Logger): void {
  const maxOf = ({ caller }: FastifyRequest): number =>
    (caller.kind === 'service' ? limits.serviceRateLimit : limits.rateLimit) ?? 0;
  const isLimited = (limits.rateLimit ?? 0) > 0 || (limits.serviceRateLimit ?? 0) > 0;
  const redis = redisUrl === undefined || !isLimited ? undefined : openRateLimitRedis(redisUrl, log);
  let installation = '';
  if (redis !== undefined) {
    app.addHook('onReady', async () => {
      const [named] = await asServiceAtOnce<{ installation: string }>(db, [INSTALLATION, []]);
      installation = named?.rows[0]?.installation ?? '';
    });
    app.addHook('onClose', async () => redis.disconnect());
  }
  app.register(rateLimit, {
    global: false,
    timeWindow: WINDOW_MS,
    cache: MOST_CALLERS,
    nameSpace: 'hookline:rate:',
    ...(redis !== undefined && { redis, skipOnError: true }),
    enableDraftSpec: true,
    allowList: (request) => maxOf(request) === 0,
    max: maxOf,
    keyGenerator: (request) => `${installation}:${keyOf(request)}`,
    errorResponseBuilder: (_request, { max, after }) =>
      new HooklineError('rate_limited', `More than ${max} requests in a minute.`, { hint: `Try again in ${after}.` }),
  });
}

function keyOf({ caller, ip }: FastifyRequest): string {
  if (caller.kind === 'service') return 'service';
  if (caller.kind === 'anon') return `address:${networkOf(ip)}`;
  return caller.credential === undefined ? `user:${caller.claims.sub}` : `token:${caller.credential.id}`;
}

/** Of an IPv6 address its /64, all of which one customer has. Of a connection that is gone already there is none. */
function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return '';
  const address = ipaddr.process(ip);
  return address.kind() === 'ipv6' ? address.toByteArray().slice(0, 8).join('.') : address.toString();
}
