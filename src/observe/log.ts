import { pino } from 'pino';

export type { Logger } from 'pino';

/** Names under which a secret, a token or somebody's data might be logged by mistake; redacted up to two objects deep. */
const SENSITIVE = [
  'authorization',
  'cookie',
  'secret',
  'secrets',
  'retired_secrets',
  'webhookSecret',
  'webhook_secret',
  'jwtSecret',
  'serviceKey',
  'apiKey',
  'token',
  'verification_token',
  'password',
  'databaseUrl',
  'migrateDatabaseUrl',
  'redisUrl',
  'egressProxy',
  'connectionString',
  'payload',
  'request_payload',
  'customer_data',
  'rawBody',
  'body',
];

const REDACTED_PATHS = SENSITIVE.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** An error by its own fields only: a driver's error also carries the row (`detail`) and the statement (`where`, `internalQuery`). */
function serializeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
  };
}

/**
 * A JSON logger. Secrets, tokens and payloads are redacted by name, so that a careless line does not leak them.
 * @param level a level of pino's (`trace` to `fatal`, or `silent`)
 * @param file where to write: standard output when absent
 */
export function createLogger(level: string, file?: string): pino.Logger {
  const destination =
    file === undefined ? pino.destination(1) : pino.destination({ dest: file, mkdir: true, sync: true });
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      // `error` is most often a code, and then logged as it is.
      serializers: { err: serializeError, error: (value) => (value instanceof Error ? serializeError(value) : value) },
    },
    destination,
  );
}
