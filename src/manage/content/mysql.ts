import type { Run } from '@hookline/receiver';
import { HooklineError } from '../../errors.js';
import { type ContentFilter, type ContentPage, type ContentPageRequest, isContentId, MOST_WALKED } from './content.js';
import { lastWalked, type MysqlCondition, ONE, page } from './mysql-statements.js';

type Row = Readonly<Record<string, unknown>>;

/** As `listContent`, of a MySQL or PlanetScale database. Throws what `run` throws. */
export async function listMysqlContent(
  run: Run,
  filter: ContentFilter,
  { limit, after }: ContentPageRequest,
): Promise<ContentPage> {
  const wanted = conditionsOf(filter);
  const cursor = after === null ? [] : [after];
  // Only where rows may be passed over is it asked how far the walk goes.
  const end = wanted.length === 0 ? undefined : await endOfWalk(run, cursor);
  const shape = { hasCursor: after !== null, hasEnd: end !== undefined };
  const statement = page(shape, wanted, limit + 1);
  const values = wanted.flatMap((condition) => condition.values);
  const { rows } = await run(statement, [...cursor, ...(end === undefined ? [] : [end]), ...values]);
  const shown = (rows as readonly Row[]).slice(0, limit);
  const items = shown.map((row) => JSON.stringify(summaryOf(row)));
  if (rows.length > limit) return { items, next: String(shown.at(-1)?.['content_id']) };
  return { items, next: end ?? null };
}

/** As `readContent`, of a MySQL or PlanetScale database. Throws what `run` throws, too. */
export async function readMysqlContent(run: Run, id: string): Promise<string> {
  const { rows } = isContentId(id) ? await run(ONE, [id]) : { rows: [] };
  const [row] = rows as readonly Row[];
  if (row === undefined) throw new HooklineError('content_not_found');
  const { body, metadata, payload, differing_repeats, callback_url, callback_next_at, callback_expires_at } = row;
  const more = {
    body,
    differing_repeats: Number(differing_repeats),
    callback_url,
    callback_next_at,
    callback_expires_at,
  };
  const json = JSON.stringify({ ...summaryOf(row), ...more });
  return `${json.slice(0, -1)},"metadata":${jsonOf(metadata)},"payload":${jsonOf(payload)}}`;
}

function conditionsOf({ userNames, eventName, callbackState, eventState }: ContentFilter): MysqlCondition[] {
  const one = (of: MysqlCondition['of'], value: string | undefined): MysqlCondition[] =>
    value === undefined ? [] : [{ of, values: [value] }];
  return [
    ...(userNames === undefined ? [] : [{ of: 'user' as const, values: userNames }]),
    ...one('eventName', eventName),
    ...one('callbackState', callbackState),
    ...one('eventState', eventState),
  ];
}

/** The last row that a page may reach; undefined when the list ends before. */
async function endOfWalk(run: Run, cursor: readonly string[]): Promise<string | undefined> {
  const { rows } = await run(lastWalked(cursor.length > 0, MOST_WALKED), [...cursor]);
  const [row] = rows as readonly Row[];
  return row && String(row['content_id']);
}

function summaryOf(row: Row) {
  const { content_id, title, category, event_name, channel_id, user_id, callback_state, callback_error } = row;
  const { event_state, event_id, event_error } = row;
  return {
    id: String(content_id),
    title,
    category,
    event_name,
    channel_id,
    user_id,
    callback_state,
    callback_attempts: Number(row['callback_attempts']),
    callback_error,
    event_state,
    event_id,
    event_error,
    repeats: Number(row['repeats']),
    created_at: timeOf(row['created_at']),
    updated_at: timeOf(row['updated_at']),
  };
}

/** Unix seconds as the API writes times. */
function timeOf(seconds: unknown): string | null {
  if (seconds === null) return null;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -1)}000Z`;
}

function jsonOf(text: unknown): string {
  return typeof text === 'string' ? text : 'null';
}
