import { codeOf } from '../errors.js';

const REDACTED = '[redacted]';

/** What a name ends in whose value is a secret, a token or somebody's data; written in any case, with `_` or `-` or without. */
const SENSITIVE =
  /(secrets?|tokens?|passwords?|passwd|passphrase|credentials?|apikeys?|secretkeys?|keyring|servicekey|privatekeys?|signingkeys|encryptionkeys?|authorization|bearer|jwts?|pwd|cookies?|headers|payload|customerdata|body|connectionstring|databaseurl|redisurl|receiverurl|schemaurl|egressproxy)$/;

/** Objects within objects. What is deeper, or holds itself, is left out. */
const MOST_DEPTH = 8;
const MOST_CAUSES = 5;
const MOST_NAMES = 1_000;

/** The names of lines are few and return with each line. */
const known = new Map<string, boolean>();

function isSensitive(name: string): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const is = SENSITIVE.test(name.replaceAll(/[-_]/g, '').toLowerCase());
  if (known.size < MOST_NAMES) known.set(name, is);
  return is;
}

/**
 * The fields of a line without what their names say is secret, however deep it is. The object itself where there is nothing to take out. pino's own redaction by
 * paths, two objects deep, made a line of ten fields take 70 to 80 us; with this and the look at its text it takes 4.
 */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) {
    const value = fields[name];
    if ((typeof value === 'object' && value !== null) || isSensitive(name)) return redactObject(fields, 0);
  }
  return fields;
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    // These are for the serializers of pino.
    const isKept =
      value === undefined || (depth === 0 && (name === 'err' || name === 'error') && value instanceof Error);
    redacted[name] = isKept ? value : isSensitive(name) ? REDACTED : redactValue(value, depth + 1);
  }
  return redacted;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return serializeError(value);
  if (ArrayBuffer.isView(value)) return '[binary]';
  if (depth > MOST_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactValue(value.toJSON(), depth + 1);
  return redactObject(value, depth);
}

export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** An error by its own fields only: a driver's error also carries the row (`detail`) and the statement (`where`, `internalQuery`). */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const code = codeOf(error);
  const message = messageOf(error, code);
  const frames = error.stack?.indexOf('\n    at ') ?? -1;
  return {
    type: error.name,
    message,
    ...(code !== undefined && { code }),
    // Its first lines repeat the message.
    ...(frames >= 0 && { stack: `${error.name}: ${message}${error.stack?.slice(frames)}` }),
    ...(error.cause !== undefined && depth < MOST_CAUSES && { cause: serializeError(error.cause, depth + 1) }),
  };
}

/** PostgreSQL's data exceptions (class 22) and V8's about JSON quote the value that they are about. */
function messageOf(error: Error, code: string | undefined): string {
  const quotes = error instanceof SyntaxError || ('severity' in error && code?.startsWith('22'));
  return quotes ? error.message.replace(/["'].*["']/s, '"…"') : error.message;
}

/** A piece of text that ends at white space, a quote, or at what ends the part of a URL; `\\.` is an escape of JSON. */
const piece = (ends: string, most = '*'): string => `(?:\\\\.|[^\\s"\\\\${ends}])${most}`;
/** What stands before the end that is looked for. No URL has more; without a bound a text of many beginnings would take the square of its length. */
const MOST = '{0,4096}';

const CREDENTIALS = new RegExp(`(://)${piece('/?#', MOST)}@`, 'g');
const QUERY = new RegExp(`(://${piece('?#', MOST)})[?#]${piece('')}`, 'g');
const PARAMETER = new RegExp(
  `([?&;][\\w.-]{0,64}(?:secret|token|password|passwd|key|sig|signature|auth|code)=)${piece('&#')}`,
  'gi',
);
const SCHEME = /\b(Bearer|Basic) +[\w.~+/=:-]+/gi;
/** Our own keys and tokens, signing secrets of Standard Webhooks, and JWTs. */
const TOKEN = /\b(?:hkp?_[\w-]{16,}|whs(?:ec|k|pk)_[\w+/=-]{8,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)/g;
/** Most lines hold nothing of these: one look instead of five. */
const SUSPICIOUS = /:\/\/|[?&;][\w.-]+=|\b(?:bearer|basic) |\bhkp?_|\bwhs(?:ec|k|pk)_|\beyJ/i;

/**
 * Text, of JSON too, without what looks like a secret wherever it stands: credentials and queries of URLs, `Authorization`, API keys and tokens. What it puts in
 * their place needs no escape.
 */
export function scrubText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replace(CREDENTIALS, '$1***@')
    .replace(QUERY, '$1?…')
    .replace(PARAMETER, '$1***')
    .replace(SCHEME, '$1 ***')
    .replace(TOKEN, '***');
}
