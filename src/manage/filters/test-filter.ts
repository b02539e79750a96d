import type { Queryable } from '../../db/database.js';

const TEST = 'SELECT hookline.test_filter($1::text::jsonb, $2::text::jsonb)::text AS json';

/**
 * Whether events with these payloads would go through the filter, and which of its conditions hold: a JSON array with an object for each payload, in order. Both are
 * JSON. Only as the service; no row is read. Throws `invalid_filter` as writing the filter would, `payload_too_large`, `invalid_parameter` where
 * the payloads take too many steps together.
 */
export async function testFilter(tx: Queryable, filters: string, payloads: string): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(TEST, [filters, payloads]);
  return rows[0]?.json ?? '[]';
}
