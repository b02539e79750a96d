import type { Queryable } from '../../db/database.js';
import { toHooklineError } from '../../db/sql-errors.js';
import { loadSql } from '../../db/sql-file.js';
import { type Finding, HooklineError } from '../../errors.js';

const READ = loadSql(import.meta.url, './read.sql');
const SET = loadSql(import.meta.url, './set.sql');

/** The names of the webhook's custom headers and when they were set, as JSON. Throws `webhook_not_found`. */
export async function readHeaders(tx: Queryable, webhookId: string): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(READ, [webhookId]);
  if (rows[0] === undefined) throw new HooklineError('webhook_not_found');
  return rows[0].json;
}

/**
 * Sets the custom headers (name to value) of the webhook in place of those that it had; none takes them away. Gives what `readHeaders` gives. Throws
 * `webhook_not_found`, or `invalid_headers` with a finding for each that cannot be set, whose pointers are into `{"headers": {…}}`.
 */
export async function setHeaders(
  tx: Queryable,
  webhookId: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const { rows } = await tx.query<{ json: string }>(SET, [webhookId, JSON.stringify(headers)]);
    if (rows[0] === undefined) throw new HooklineError('webhook_not_found');
    return rows[0].json;
  } catch (error) {
    const known = toHooklineError(error);
    if (known.code !== 'invalid_headers') throw error;
    const { message, hint = '' } = known;
    throw new HooklineError(known.code, message, { hint, cause: error, findings: findingsOf(error) });
  }
}

function findingsOf(error: unknown): Finding[] {
  // Of node-postgres it is there always, and undefined where there is none.
  const detail = error instanceof Error && 'detail' in error && typeof error.detail === 'string' ? error.detail : '[]';
  const problems: readonly { name: string | null; problem: string }[] = JSON.parse(detail);
  return problems.map(({ name, problem }) => ({
    pointer: name === null ? '/headers' : `/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    detail: name === null ? problem : `${name} ${problem}.`,
  }));
}
