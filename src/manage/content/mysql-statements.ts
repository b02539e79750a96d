/**
 * Statements of MySQL and PlanetScale on `ai_content`, whose ids are told as text. They are as plain as a sharded keyspace takes them. Texts are compared as bytes: the
 * collation of the table would take other letters for equal. JSON comes as text, so that no driver reads its numbers.
 */

const time = (column: string) => `DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%fZ') AS ${column}`;
/** As the webhook names them; the table has no users. */
const USER = `NULLIF(JSON_UNQUOTE(JSON_EXTRACT(c.metadata, '$.user_id')), 'null')`;
/** A TIMESTAMP is read in the session's time zone; as Unix time it is read in none. */
const SUMMARY = `CAST(c.id AS CHAR) AS content_id, c.title, c.category, c.event_name, c.channel_id, ${USER} AS user_id, c.callback_state, c.callback_attempts,
c.callback_error, c.event_state, c.event_id, c.event_error, c.repeats, UNIX_TIMESTAMP(c.created_at) AS created_at, UNIX_TIMESTAMP(c.updated_at) AS updated_at`;

/** What a list may be filtered by. */
const CONDITIONS = {
  user: USER,
  eventName: 'c.event_name',
  callbackState: 'c.callback_state',
  eventState: 'c.event_state',
} as const;

/** A column, and the values of which it has to have one. */
export interface MysqlCondition {
  readonly of: keyof typeof CONDITIONS;
  readonly values: readonly string[];
}

const before = (hasCursor: boolean) => (hasCursor ? 'c.id < CAST(? AS UNSIGNED)' : 'TRUE');

/** The id after which the page begins, if there is one. Gives the `walked`th row of there on, or none. */
export function lastWalked(hasCursor: boolean, walked: number): string {
  return `SELECT CAST(c.id AS CHAR) AS content_id FROM ai_content AS c WHERE ${before(hasCursor)} ORDER BY c.id DESC LIMIT 1 OFFSET ${walked - 1}`;
}

/** The id after which the page begins and the last id that it may reach, where there are such; then the values of the conditions. */
export function page(
  { hasCursor, hasEnd }: { readonly hasCursor: boolean; readonly hasEnd: boolean },
  conditions: readonly MysqlCondition[],
  rows: number,
): string {
  const wanted = conditions.map(({ of, values }) => {
    const among = values.map(() => 'CAST(? AS BINARY)').join(', ');
    return ` AND CAST(${CONDITIONS[of]} AS BINARY) IN (${among})`;
  });
  return `SELECT ${SUMMARY} FROM ai_content AS c FORCE INDEX (PRIMARY)
WHERE ${before(hasCursor)}${hasEnd ? ' AND c.id >= CAST(? AS UNSIGNED)' : ''}${wanted.join('')} ORDER BY c.id DESC LIMIT ${rows}`;
}

/** id */
export const ONE = `SELECT ${SUMMARY}, c.body, CAST(c.metadata AS CHAR) AS metadata, c.payload, c.differing_repeats, c.callback_url,
${['callback_next_at', 'callback_expires_at'].map((column) => time(`c.${column}`).replace(/AS c\./, 'AS ')).join(', ')}
FROM ai_content AS c WHERE c.id = CAST(? AS UNSIGNED)`;
