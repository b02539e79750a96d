import { readEnvironment } from './config/environment.js';
import {
  type PlanetscaleDatabase,
  type PlanetscaleLogin,
  planetscaleDatabaseOf,
  planetscaleOf,
} from './config/planetscale.js';
import type { SecretKey } from './config/secret-keys.js';

/** The settings of one process, frozen. */
export interface Config {
  /** PostgreSQL; absent: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** The owner's login, for migrations; absent: the same as `databaseUrl`. */
  readonly migrateDatabaseUrl: string | undefined;
  /** Redis, over which workers hand deliveries to each other and servers count requests together; absent: PostgreSQL alone, and each its own. */
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Where metrics and probes are served, without credentials, 0 for any free port; absent: beside the API alone. */
  readonly metricsPort: number | undefined;
  readonly serviceKey: string | undefined;
  readonly jwtSecret: string | undefined;
  /** Where the public keys of users' tokens are; beside `jwtSecret` or in its place. */
  readonly jwksUrl: string | undefined;
  /** What `aud` of a user's token has to name. */
  readonly jwtAudience: string;
  /** What `iss` of every token has to be; absent: anything. */
  readonly jwtIssuer: string | undefined;
  /** CIDRs that deliveries may reach although they are private. */
  readonly allowNetworks: readonly string[];
  /** Ports that outgoing calls may reach, as first and last of each range; absent: all but those of other protocols. */
  readonly allowPorts: readonly (readonly [first: number, last: number])[] | undefined;
  /** The proxy that outgoing calls are made through, with its credentials; absent: none. */
  readonly egressProxy: string | undefined;
  /** What secrets are encrypted with at rest: the first encrypts, all decrypt; empty: nothing is encrypted. */
  readonly secretKeys: readonly SecretKey[];
  /** How much of the body of an endpoint's answer is kept. */
  readonly responseBodyBytes: number;
  /** Whether endpoints are sent the header `traceparent`. */
  readonly sendTraceparent: boolean;
  /** The largest request body, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests a minute for each key or user; 0: any number. */
  readonly rateLimit: number;
  /** Requests a minute for the service; 0: any number. */
  readonly serviceRateLimit: number;
  /** Origins whose pages may read answers; `*` is all of them. */
  readonly corsOrigins: readonly string[];
  /** Names, as `host` or `host:port`, under which browsers may open the dashboard, beside those of loopback. */
  readonly allowedHosts: readonly string[];
  /** CIDRs of the proxies in front, whose X-Forwarded-For tells where a request comes from; empty: nobody's does. */
  readonly trustProxy: readonly string[];
  readonly webhookSecret: string | undefined;
  /** Signs too while the secret is rotated. */
  readonly previousWebhookSecret: string | undefined;
  readonly apiKey: string | undefined;
  readonly callbackOrigins: readonly string[];
  /** Where webhooks are stored when it is not Hookline's own database: mysql://…, postgres://… or http(s)://… of PlanetScale's protocol. */
  readonly receiverUrl: string | undefined;
  /** PlanetScale, where webhooks are stored; absent with `receiverUrl`. */
  readonly planetscale: PlanetscaleLogin | undefined;
  /** MySQL or MariaDB as the owner of its tables, for `hookline schema`; absent: `receiverUrl`. */
  readonly schemaUrl: string | undefined;
  /** PlanetScale's REST API, as `https://api.planetscale.com`. */
  readonly planetscaleApi: string;
  /** The database whose branches `hookline schema` is about, and the token for it; absent: a plain MySQL. */
  readonly planetscaleDatabase: PlanetscaleDatabase | undefined;
  /** The server that the command line speaks to; absent: this machine's. */
  readonly serverUrl: string | undefined;
  /** What the command line signs in with; absent: `serviceKey`. */
  readonly token: string | undefined;
  readonly logLevel: string;
}

/**
 * Parses the environment: what is set, and defaults for the rest. Throws what `readEnvironment` does, and `invalid_config` for variables that do not go together.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = readEnvironment(env);
  return Object.freeze({
    databaseUrl: parsed.DATABASE_URL,
    migrateDatabaseUrl: parsed.HOOKLINE_MIGRATE_DATABASE_URL,
    redisUrl: parsed.REDIS_URL,
    dataDir: parsed.HOOKLINE_DATA_DIR ?? '.hookline',
    port: parsed.PORT ?? 8080,
    host: parsed.HOST ?? '127.0.0.1',
    metricsPort: parsed.HOOKLINE_METRICS_PORT,
    serviceKey: parsed.HOOKLINE_SERVICE_KEY,
    jwtSecret: parsed.HOOKLINE_JWT_SECRET,
    jwksUrl: parsed.HOOKLINE_JWKS_URL,
    jwtAudience: parsed.HOOKLINE_JWT_AUDIENCE ?? 'authenticated',
    jwtIssuer: parsed.HOOKLINE_JWT_ISSUER,
    allowNetworks: Object.freeze(parsed.HOOKLINE_ALLOW_NETWORKS ?? []),
    allowPorts: parsed.HOOKLINE_ALLOW_PORTS && Object.freeze(parsed.HOOKLINE_ALLOW_PORTS),
    egressProxy: parsed.HOOKLINE_EGRESS_PROXY,
    secretKeys: Object.freeze(parsed.HOOKLINE_SECRET_KEYS ?? []),
    responseBodyBytes: parsed.HOOKLINE_RESPONSE_BODY_BYTES ?? 65_536,
    sendTraceparent: parsed.HOOKLINE_SEND_TRACEPARENT === '1',
    maxBodyBytes: parsed.HOOKLINE_MAX_BODY_BYTES ?? 1_048_576,
    rateLimit: parsed.HOOKLINE_RATE_LIMIT ?? 600,
    serviceRateLimit: parsed.HOOKLINE_SERVICE_RATE_LIMIT ?? 0,
    corsOrigins: Object.freeze(parsed.HOOKLINE_CORS_ORIGINS ?? []),
    allowedHosts: Object.freeze(parsed.HOOKLINE_ALLOWED_HOSTS ?? []),
    trustProxy: Object.freeze(parsed.HOOKLINE_TRUST_PROXY ?? []),
    webhookSecret: parsed.MODELRIVER_WEBHOOK_SECRET,
    previousWebhookSecret: parsed.MODELRIVER_WEBHOOK_SECRET_PREVIOUS,
    apiKey: parsed.MODELRIVER_API_KEY,
    callbackOrigins: Object.freeze(parsed.HOOKLINE_CALLBACK_ORIGINS ?? ['https://api.modelriver.com']),
    receiverUrl: parsed.HOOKLINE_RECEIVER_URL,
    planetscale: planetscaleOf(parsed),
    schemaUrl: parsed.HOOKLINE_SCHEMA_URL,
    planetscaleApi: new URL(parsed.HOOKLINE_PLANETSCALE_API ?? 'https://api.planetscale.com').origin,
    planetscaleDatabase: planetscaleDatabaseOf(parsed),
    serverUrl: parsed.HOOKLINE_URL,
    token: parsed.HOOKLINE_TOKEN,
    logLevel: parsed.LOG_LEVEL ?? 'info',
  });
}
