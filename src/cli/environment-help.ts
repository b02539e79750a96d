import type { Variable } from '../config/environment.js';

/** What `--help` says about each variable of the environment. */
export const DESCRIPTIONS: Readonly<Record<Variable, string>> = {
  DATABASE_URL: 'PostgreSQL, as hookline_login (absent: the embedded database)',
  HOOKLINE_MIGRATE_DATABASE_URL: "the owner's login, for migrations (absent: DATABASE_URL)",
  REDIS_URL: 'Redis, over which workers share the work, and servers the rate limits (none)',
  HOOKLINE_DATA_DIR: 'folder of the embedded database (.hookline)',
  PORT: 'port to listen on, 0 for any free one (8080)',
  HOST: 'address to listen on (127.0.0.1)',
  HOOKLINE_METRICS_PORT: 'port of /metrics, /healthz and /readyz, without credentials (none; the API has them, too)',
  HOOKLINE_SERVICE_KEY: 'key of the application, at least 16 characters',
  HOOKLINE_JWT_SECRET: "secret of users' tokens (HS256), at least 32 characters",
  HOOKLINE_JWKS_URL: "where the public keys of users' tokens are",
  HOOKLINE_JWT_AUDIENCE: "what aud of users' tokens names (authenticated)",
  HOOKLINE_JWT_ISSUER: 'what iss of tokens is (absent: anything)',
  HOOKLINE_ALLOW_NETWORKS: 'CIDRs that deliveries may reach although private, separated by commas',
  HOOKLINE_ALLOW_PORTS: 'ports that deliveries may reach, such as 80,443,8000-8999 (all but those of other protocols)',
  HOOKLINE_EGRESS_PROXY: 'http or socks5 URL of the proxy that deliveries go through (none)',
  HOOKLINE_SECRET_KEYS: 'keys that secrets are encrypted with at rest, as id:base64, the first encrypts (none)',
  HOOKLINE_RESPONSE_BODY_BYTES: "bytes kept of the body of an endpoint's answer (65536)",
  HOOKLINE_SEND_TRACEPARENT: '1 sends endpoints the header traceparent, the trace of their event (0)',
  HOOKLINE_MAX_BODY_BYTES: 'largest request body in bytes (1048576)',
  HOOKLINE_RATE_LIMIT: 'requests a minute for each key or user, 0 for any number (600)',
  HOOKLINE_SERVICE_RATE_LIMIT: 'requests a minute for the service, 0 for any number (0)',
  HOOKLINE_CORS_ORIGINS: 'origins whose pages may call from a browser, separated by commas, or * (none)',
  HOOKLINE_ALLOWED_HOSTS:
    'host names under which the dashboard may be opened, separated by commas (any; on loopback its own)',
  HOOKLINE_TRUST_PROXY: 'CIDRs of the proxies in front, whose X-Forwarded-For is taken, separated by commas (none)',
  MODELRIVER_WEBHOOK_SECRET: "secret of the AI gateway's webhooks, for POST /webhooks/modelriver",
  MODELRIVER_WEBHOOK_SECRET_PREVIOUS: 'the secret before, which signs too while it is rotated',
  MODELRIVER_API_KEY: "key for the AI gateway's callbacks",
  HOOKLINE_CALLBACK_ORIGINS: 'origins that callbacks may go to (https://api.modelriver.com)',
  HOOKLINE_RECEIVER_URL: 'where AI webhooks are stored: mysql://… or postgres://… (the database itself)',
  PLANETSCALE_HOST: 'PlanetScale, where AI webhooks are stored, instead of HOOKLINE_RECEIVER_URL',
  PLANETSCALE_USERNAME: 'its user',
  PLANETSCALE_PASSWORD: 'its password',
  HOOKLINE_SCHEMA_URL: 'mysql://… as the owner of the tables, for schema branches (HOOKLINE_RECEIVER_URL)',
  HOOKLINE_PLANETSCALE_API: "PlanetScale's REST API (https://api.planetscale.com)",
  PLANETSCALE_ORG: 'the organization at PlanetScale, for schema branches there',
  PLANETSCALE_DATABASE: 'the database there',
  PLANETSCALE_SERVICE_TOKEN_ID: 'the id of a service token for it',
  PLANETSCALE_SERVICE_TOKEN: 'the service token',
  HOOKLINE_URL: 'where the server is (http://127.0.0.1:8080)',
  HOOKLINE_TOKEN: "what to sign in with: a user's token, an API key, a portal token (HOOKLINE_SERVICE_KEY)",
  LOG_LEVEL: 'trace, debug, info, warn, error, fatal or silent (info)',
};

export const DATABASE_VARIABLES = ['DATABASE_URL', 'HOOKLINE_MIGRATE_DATABASE_URL'] as const;
export const EMBEDDED_VARIABLES = ['HOOKLINE_DATA_DIR'] as const;
/** Read by all that reads or makes secrets of webhooks. */
export const SECRET_VARIABLES = ['HOOKLINE_SECRET_KEYS'] as const;
export const API_VARIABLES = [
  'PORT',
  'HOST',
  'HOOKLINE_SERVICE_KEY',
  'HOOKLINE_JWT_SECRET',
  'HOOKLINE_JWKS_URL',
  'HOOKLINE_JWT_AUDIENCE',
  'HOOKLINE_JWT_ISSUER',
  'HOOKLINE_MAX_BODY_BYTES',
  'HOOKLINE_RATE_LIMIT',
  'HOOKLINE_SERVICE_RATE_LIMIT',
  'HOOKLINE_CORS_ORIGINS',
  'HOOKLINE_ALLOWED_HOSTS',
  'HOOKLINE_TRUST_PROXY',
  'MODELRIVER_WEBHOOK_SECRET',
  'MODELRIVER_WEBHOOK_SECRET_PREVIOUS',
] as const;
/** Where AI webhooks are stored: the API writes them, the worker finishes their callbacks. */
export const RECEIVER_VARIABLES = [
  'HOOKLINE_RECEIVER_URL',
  'PLANETSCALE_HOST',
  'PLANETSCALE_USERNAME',
  'PLANETSCALE_PASSWORD',
] as const;
/** Whose branches `hookline schema` is about. */
export const SCHEMA_VARIABLES = [
  'HOOKLINE_SCHEMA_URL',
  'HOOKLINE_RECEIVER_URL',
  'PLANETSCALE_ORG',
  'PLANETSCALE_DATABASE',
  'PLANETSCALE_SERVICE_TOKEN_ID',
  'PLANETSCALE_SERVICE_TOKEN',
  'HOOKLINE_PLANETSCALE_API',
] as const;
export const EGRESS_VARIABLES = [
  'HOOKLINE_ALLOW_NETWORKS',
  'HOOKLINE_ALLOW_PORTS',
  'HOOKLINE_EGRESS_PROXY',
  'MODELRIVER_API_KEY',
  'HOOKLINE_CALLBACK_ORIGINS',
] as const;
/** Of a process that may be watched. HOST is among API_VARIABLES, too. */
export const WATCHED_VARIABLES = ['HOOKLINE_METRICS_PORT'] as const;
/** Of the commands that speak to a server over its REST API. */
export const REMOTE_VARIABLES = ['HOOKLINE_URL', 'HOOKLINE_TOKEN', 'HOOKLINE_SERVICE_KEY'] as const;
export const WORKER_VARIABLES = ['REDIS_URL', 'HOOKLINE_RESPONSE_BODY_BYTES', 'HOOKLINE_SEND_TRACEPARENT'] as const;

/** What DATABASE_URL is to `api` and `worker`, which the embedded database cannot serve. */
export const NEEDS_DATABASE_URL = { DATABASE_URL: 'PostgreSQL, as hookline_login (required)' } as const;

/** The part of a command's help below its options: the environment it reads, and examples. `differing` replaces descriptions. */
export function environmentHelp(
  variables: readonly Variable[],
  examples: readonly string[],
  differing: Partial<Record<Variable, string>> = {},
): string {
  const width = Math.max(...variables.map((name) => name.length)) + 2;
  const lines = variables.map((name) => `  ${name.padEnd(width)}${differing[name] ?? DESCRIPTIONS[name]}`);
  return ['', 'Environment:', ...lines, '', 'Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n');
}
