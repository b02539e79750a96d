import type { Logger } from 'pino';
import { HooklineError } from '../../errors.js';
import type { Keyring } from '../../secrets/keyring.js';
import type { RpcFunction } from './functions.js';
import { RpcError } from './rpc-error.js';

const COLUMN = 'webhook_secret';

/** A column of the statement more: the encrypted secrets of the rows with their webhooks, as a JSON object; NULL where there are none. */
export function sealedColumn({ name }: RpcFunction): string {
  if (name !== 'get_pending_webhook_retries') return 'NULL AS sealed';
  return `(SELECT jsonb_object_agg(s.${COLUMN}, s.webhook_id)::text FROM called s WHERE hookline.secret_key_of(s.${COLUMN}) IS NOT NULL) AS sealed`;
}

/**
 * The rows (a JSON array as PostgreSQL wrote it) with their secrets opened, every other digit as it was. A row whose secret does not open is left out: its
 * delivery is due again when its lease ends. Throws 503 when a key is not here.
 */
export function openSecrets(rows: string, sealed: string, keyring: Keyring, log: Logger): readonly string[] {
  const opened = new Map<string, string | undefined>();
  for (const [stored, webhookId] of Object.entries<string>(JSON.parse(sealed))) {
    opened.set(stored, openOne(stored, webhookId, keyring, log));
  }
  return rowsOf(rows).flatMap(({ text, secret }) => {
    if (secret === undefined) return [text];
    const stored: unknown = JSON.parse(text.slice(...secret));
    if (typeof stored !== 'string' || !opened.has(stored)) return [text];
    const clear = opened.get(stored);
    return clear === undefined ? [] : [text.slice(0, secret[0]) + JSON.stringify(clear) + text.slice(secret[1])];
  });
}

function openOne(stored: string, webhookId: string, keyring: Keyring, log: Logger): string | undefined {
  try {
    return keyring.open({ kind: 'webhook', id: webhookId }, stored);
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    // Whoever calls would sign with what is encrypted.
    if (error.code === 'secret_key_missing') {
      throw new RpcError(503, error.code, error.message, { details: null, hint: error.hint ?? null, cause: error });
    }
    log.error({ err: error, webhook_id: webhookId }, 'secrets.unreadable');
    return undefined;
  }
}

interface Row {
  readonly text: string;
  /** Where the value of the column begins and ends in it. */
  readonly secret: readonly [start: number, end: number] | undefined;
}

function rowsOf(json: string): Row[] {
  const rows: Row[] = [];
  let depth = 0;
  let start = 0;
  let key: string | undefined;
  let secret: Row['secret'];
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (char === '"') {
      const end = endOfString(json, at);
      if (depth === 2 && json[end] === ':') key = json.slice(at + 1, end - 1);
      else if (depth === 2 && key === COLUMN) secret = [at - start, end - start];
      at = end - 1;
    } else if (char === '{' || char === '[') {
      depth += 1;
      if (depth === 2) {
        start = at;
        secret = undefined;
        key = undefined;
      }
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 1) rows.push({ text: json.slice(start, at + 1), secret });
    }
  }
  return rows;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
