import type { SqlSession } from '../sql-session.js';
import type { Column } from '../table/schema.js';
import { readRows } from './content-table.js';
import { RUN_MARK } from './replayed-rows.js';
import { PAGE, type SourceWebhook } from './source.js';

/** The clocks of an application and its database may differ by so much: the first sets `created_at`, the second `updated_at`. */
const CHANGED_AFTER_S = 60;

interface Stored {
  readonly id: string;
  readonly payload: string;
  readonly changed_after: string | number | null;
}

/** The newest `last` webhooks that production still has, with `columns` of their rows, in pages, the newest first. */
export async function* storedWebhooks(
  sql: SqlSession,
  columns: readonly Column[],
  last: number,
): AsyncGenerator<SourceWebhook[]> {
  const encoder = new TextEncoder();
  let before: string | undefined;
  for (let left = last; left > 0; ) {
    const asked = Math.min(PAGE, left);
    const older = before === undefined ? '' : 'AND id < CAST(? AS UNSIGNED) ';
    const found = await readRows<Stored>(
      sql,
      {
        columns,
        extra:
          'CAST(id AS CHAR) AS id, CAST(payload AS CHAR) AS payload, UNIX_TIMESTAMP(updated_at) - UNIX_TIMESTAMP(created_at) AS changed_after',
        rest: `WHERE payload IS NOT NULL AND (idempotency_key IS NULL OR idempotency_key NOT LIKE '${RUN_MARK}%') ${older}ORDER BY ai_content.id DESC LIMIT ${asked}`,
      },
      before === undefined ? [] : [before],
    );
    if (found.length > 0) {
      yield found.map(({ id, payload, changed_after: after, row }) => ({
        id,
        body: encoder.encode(payload),
        stored: row,
        isChanged: Number(after ?? 0) > CHANGED_AFTER_S,
      }));
    }
    if (found.length < asked) return;
    left -= found.length;
    before = found.at(-1)?.id;
  }
}
