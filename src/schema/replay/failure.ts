import { type NewContent, StatementError } from '@hookline/receiver';
import type { SqlSession } from '../sql-session.js';
import type { Failed } from './replayed.js';

/**
 * Why the database refused a row. The receiver's store keeps the server's words to itself, since they may carry what customers wrote; here they are told, by an
 * insert of the same values that is made for them.
 */
export async function failureOf(sql: SqlSession, content: NewContent, error: Error): Promise<Failed> {
  const statement = error instanceof StatementError ? error : error.cause;
  if (statement instanceof StatementError) {
    const words = (await wordsOfServer(sql, content)) ?? error.message;
    return { kind: 'failed', code: statement.code, message: words };
  }
  return {
    kind: 'failed',
    code: /must be unique/.test(error.message) ? 'not_unique' : 'unstorable',
    message: error.message,
  };
}

/** Null when the server takes this insert, or its words cannot be had. Should it take the row, the row has the run's mark and goes with the others. */
async function wordsOfServer(sql: SqlSession, content: NewContent): Promise<string | null> {
  const { title, body, category, metadata, channelId, eventName, idempotencyKey, event, callbackUrl } = content;
  const added = Object.entries(content.columns);
  const names = added.map(([name]) => `, \`${name}\``).join('');
  const statement = `INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name, created_at, idempotency_key, payload, callback_url,
body_hash, callback_state, callback_error${names})
VALUES (?, ?, ?, ?, ?, ?, FROM_UNIXTIME(?), ?, ?, ?, SHA2(payload, 256), 'refused', 'origin_not_allowed'${', ?'.repeat(added.length)})`;
  try {
    await sql.run(statement, [
      ...[title, body, category, metadata, channelId, eventName, Math.floor(Date.now() / 1000)],
      ...[idempotencyKey, event.text, callbackUrl],
      ...added.map(([, value]) => bound(value)),
    ]);
    return null;
  } catch (error) {
    return error instanceof Error ? wordsOf(error) : null;
  }
}

/** PlanetScale's error tells the way to its server and the statement too: of it the part that the server said. */
function wordsOf({ message }: Error): string {
  const [, words] = /\bdesc = (.*?) \(errno \d+\)/s.exec(message) ?? [];
  return words ?? message;
}

/** As the receiver's store binds the value of an added column. */
export function bound(value: NewContent['columns'][string]): string | number | null {
  if (value instanceof Date) return value.toISOString().slice(0, -1).replace('T', ' ');
  if (typeof value === 'object' && value !== null) return value.json;
  return typeof value === 'boolean' ? Number(value) : value;
}
