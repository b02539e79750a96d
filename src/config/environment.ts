import { type StaticDecode, Type } from 'typebox';
import { Value } from 'typebox/value';
import { HooklineError } from '../errors.js';
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
} from './values.js';

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

/** The variables that are set, in their types. */
export type Settings = StaticDecode<typeof Environment>;

/**
 * Reads the variables. An empty string counts as absent; a variable that Hookline does not know is ignored.
 * Throws `invalid_config`, which names every wrong variable and what it takes, and never repeats a value, since it may be a secret.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.keys(Environment.properties)
      .map((name) => [name, env[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  if (!Value.Check(Environment, given)) throw wrongSettings(given);
  return Value.Decode(Environment, given);
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
