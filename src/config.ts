import { type StaticDecode, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { SecretKey } from './config/secret-keys.js';
import {
  corsOrigins,
  host,
  hosts,
  httpUrl,
  key,
  keySetUrl,
  mysqlUrl,
  networks,
  oneOf,
  origins,
  path,
  ports,
  postgresUrl,
  proxyUrl,
  receiverUrl,
  redisUrl,
  secret,
  secretKeys,
  serverUrl,
  wholeNumber,
  word,
} from './config/values.js';
import { HooklineError } from './errors.js';

/** Every variable of the environment that Hookline reads. */
const Environment = Type.Object({
  DATABASE_URL: Type.Optional(postgresUrl),
  HOOKLINE_MIGRATE_DATABASE_URL: Type.Optional(postgresUrl),
  REDIS_URL: Type.Optional(redisUrl),
  HOOKLINE_DATA_DIR: Type.Optional(path),
  PORT: Type.Optional(wholeNumber(0, 65535)),
  HOST: Type.Optional(host),
  HOOKLINE_METRICS_PORT: Type.Optional(wholeNumber(0, 65535)),
  HOOKLINE_SERVICE_KEY: Type.Optional(key(16)),
  HOOKLINE_JWT_SECRET: Type.Optional(secret(32)),
  HOOKLINE_JWKS_URL: Type.Optional(keySetUrl),
  HOOKLINE_JWT_AUDIENCE: Type.Optional(word),
  HOOKLINE_JWT_ISSUER: Type.Optional(word),
  HOOKLINE_ALLOW_NETWORKS: Type.Optional(networks),
  HOOKLINE_ALLOW_PORTS: Type.Optional(ports),
  HOOKLINE_EGRESS_PROXY: Type.Optional(proxyUrl),
  HOOKLINE_SECRET_KEYS: Type.Optional(secretKeys),
  HOOKLINE_RESPONSE_BODY_BYTES: Type.Optional(wholeNumber(0, 1_048_576)),
  HOOKLINE_SEND_TRACEPARENT: Type.Optional(oneOf(['0', '1'])),
  HOOKLINE_MAX_BODY_BYTES: Type.Optional(wholeNumber(1024, 104_857_600)),
  HOOKLINE_RATE_LIMIT: Type.Optional(wholeNumber(0, 1_000_000)),
  HOOKLINE_SERVICE_RATE_LIMIT: Type.Optional(wholeNumber(0, 100_000_000)),
  HOOKLINE_CORS_ORIGINS: Type.Optional(corsOrigins),
  HOOKLINE_ALLOWED_HOSTS: Type.Optional(hosts),
  HOOKLINE_TRUST_PROXY: Type.Optional(networks),
  MODELRIVER_WEBHOOK_SECRET: Type.Optional(secret()),
  MODELRIVER_WEBHOOK_SECRET_PREVIOUS: Type.Optional(secret()),
  MODELRIVER_API_KEY: Type.Optional(key()),
  HOOKLINE_CALLBACK_ORIGINS: Type.Optional(origins),
  HOOKLINE_RECEIVER_URL: Type.Optional(receiverUrl),
  PLANETSCALE_HOST: Type.Optional(host),
  PLANETSCALE_USERNAME: Type.Optional(word),
  PLANETSCALE_PASSWORD: Type.Optional(word),
  HOOKLINE_SCHEMA_URL: Type.Optional(mysqlUrl),
  HOOKLINE_PLANETSCALE_API: Type.Optional(httpUrl),
  PLANETSCALE_ORG: Type.Optional(word),
  PLANETSCALE_DATABASE: Type.Optional(word),
  PLANETSCALE_SERVICE_TOKEN_ID: Type.Optional(word),
  PLANETSCALE_SERVICE_TOKEN: Type.Optional(word),
  HOOKLINE_URL: Type.Optional(serverUrl),
  HOOKLINE_TOKEN: Type.Optional(key()),
  LOG_LEVEL: Type.Optional(oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])),
});

export type Variable = keyof typeof Environment.properties;

/** Every variable, with what it takes, in words. */
export const VARIABLES: readonly { readonly name: Variable; readonly takes: string }[] = variables();

/** Those that have no value when they are left out, or another meaning: a hint must not lead there. */
const WITHOUT_DEFAULT: ReadonlySet<string> = new Set<Variable>([
  'DATABASE_URL',
  'HOOKLINE_MIGRATE_DATABASE_URL',
  'REDIS_URL',
  'HOOKLINE_METRICS_PORT',
  'HOOKLINE_SERVICE_KEY',
  'HOOKLINE_JWT_SECRET',
  'HOOKLINE_JWKS_URL',
  'HOOKLINE_JWT_ISSUER',
  'HOOKLINE_EGRESS_PROXY',
  'HOOKLINE_SECRET_KEYS',
  'MODELRIVER_WEBHOOK_SECRET',
  'MODELRIVER_WEBHOOK_SECRET_PREVIOUS',
  'MODELRIVER_API_KEY',
  'HOOKLINE_RECEIVER_URL',
  'PLANETSCALE_HOST',
  'PLANETSCALE_USERNAME',
  'PLANETSCALE_PASSWORD',
  'HOOKLINE_SCHEMA_URL',
  'PLANETSCALE_ORG',
  'PLANETSCALE_DATABASE',
  'PLANETSCALE_SERVICE_TOKEN_ID',
  'PLANETSCALE_SERVICE_TOKEN',
  'HOOKLINE_TOKEN',
]);

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
  readonly planetscale: { readonly host: string; readonly username: string; readonly password: string } | undefined;
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

/** A database of PlanetScale's, and the service token that its API is called with. */
export interface PlanetscaleDatabase {
  readonly organization: string;
  readonly database: string;
  readonly tokenId: string;
  readonly token: string;
}

/**
 * Parses the environment. An empty string counts as absent; a variable that Hookline does not know is ignored.
 * Throws `invalid_config`, which names every wrong variable and what it takes, and never repeats a value, since it may be a secret.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(Environment.properties)
      .map((name) => [name, env[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  if (!Value.Check(Environment, given)) throw wrongSettings(given);
  const parsed: StaticDecode<typeof Environment> = Value.Decode(Environment, given);
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

/** The three variables together, or none of them. */
function planetscaleOf(parsed: StaticDecode<typeof Environment>): Config['planetscale'] {
  const { PLANETSCALE_HOST: host, PLANETSCALE_USERNAME: username, PLANETSCALE_PASSWORD: password } = parsed;
  if (host === undefined && username === undefined && password === undefined) return undefined;
  if (host === undefined || username === undefined || password === undefined) {
    throw new HooklineError('invalid_config', 'Of the PLANETSCALE_ variables some are set and some are not.', {
      hint: 'Set PLANETSCALE_HOST, PLANETSCALE_USERNAME and PLANETSCALE_PASSWORD, or none of them.',
    });
  }
  if (parsed.HOOKLINE_RECEIVER_URL !== undefined) {
    throw new HooklineError('invalid_config', 'HOOKLINE_RECEIVER_URL and the PLANETSCALE_ variables name two stores.', {
      hint: 'Set one or the other.',
    });
  }
  return Object.freeze({ host, username, password });
}

/** The four variables together, or none of them. */
function planetscaleDatabaseOf(parsed: StaticDecode<typeof Environment>): Config['planetscaleDatabase'] {
  const given = {
    organization: parsed.PLANETSCALE_ORG,
    database: parsed.PLANETSCALE_DATABASE,
    tokenId: parsed.PLANETSCALE_SERVICE_TOKEN_ID,
    token: parsed.PLANETSCALE_SERVICE_TOKEN,
  };
  if (Object.values(given).every((value) => value === undefined)) return undefined;
  const { organization, database, tokenId, token } = given;
  if (organization === undefined || database === undefined || tokenId === undefined || token === undefined) {
    throw new HooklineError(
      'invalid_config',
      "Of the variables for PlanetScale's branches some are set and some are not.",
      {
        hint: 'Set PLANETSCALE_ORG, PLANETSCALE_DATABASE, PLANETSCALE_SERVICE_TOKEN_ID and PLANETSCALE_SERVICE_TOKEN, or none of them.',
      },
    );
  }
  return Object.freeze({ organization, database, tokenId, token });
}

/** Each variable by itself: `Value.Errors` over the whole object ends after its first few findings. */
function wrongSettings(given: Readonly<Record<string, unknown>>): HooklineError {
  const wrong = Object.entries(Environment.properties).flatMap(([name, schema]) =>
    name in given ? Value.Errors(schema, given[name]).map(({ message }) => ({ name, takes: message })) : [],
  );
  const list = wrong.map(({ name, takes }) => `${name} takes ${takes}`).join('; ');
  return new HooklineError('invalid_config', `Wrong in the environment: ${list}.`, {
    hint: hintFor([...new Set(wrong.map(({ name }) => name))]),
  });
}

function hintFor(names: readonly string[]): string {
  const correct = `Correct ${names.join(', ')}`;
  if (names.some((name) => WITHOUT_DEFAULT.has(name))) return `${correct}.`;
  return `${correct}, or leave ${names.length === 1 ? 'it out for the default' : 'them out for the defaults'}.`;
}

function variables(): { name: Variable; takes: string }[] {
  return (Object.keys(Environment.properties) as Variable[]).map((name) => {
    const schema = Environment.properties[name];
    return { name, takes: 'description' in schema ? String(schema.description) : '' };
  });
}
