import type { Logger } from 'pino';
import type { Queryable } from '../../db/database.js';
import type { Keyring } from '../../secrets/keyring.js';
import type { Caller } from '../auth/caller.js';
import type { CallArguments } from './call-arguments.js';
import type { RpcFunction } from './functions.js';
import { openSecrets, sealedColumn } from './open-secrets.js';
import type { RowChoice } from './query.js';
import type { Representation } from './representation.js';
import { refusal } from './rpc-error.js';
import { toCallError } from './sql-error.js';

export interface Called {
  /** The rows as JSON, as PostgreSQL wrote it. */
  readonly body: string;
  /** Rows in the body. */
  readonly returned: number;
  /** Rows that the function gave. */
  readonly total: number;
}

export interface Call {
  readonly fn: RpcFunction;
  readonly given: CallArguments;
  readonly choice: RowChoice;
  readonly form: Representation;
  readonly caller: Caller;
  /** Opens secrets that are encrypted. */
  readonly keyring: Keyring;
  readonly log: Logger;
}

interface Row extends Called {
  /** See `sealedColumn`. */
  readonly sealed: string | null;
}

/**
 * Calls the function in the caller's transaction. Throws what the caller may see of the database's error, or PGRST116 when one row was asked for
 * and there is another number, PGRST103 for an offset beyond rows that are counted: the transaction then rolls back, as in PostgREST.
 */
export async function call(tx: Queryable, options: Call): Promise<Called> {
  const { fn, given, choice, form, caller } = options;
  const params = [given.json, choice.limit, choice.offset];
  const { rows } = await tx.query<Row>(statement(fn, given, choice, form), params).catch((error: unknown) => {
    throw toCallError(error, caller);
  });
  const [row] = rows;
  const called = row === undefined ? { body: '[]', returned: 0, total: 0 } : opened(row, options);
  if (form.singular && called.returned !== 1) {
    throw refusal('PGRST116', 'Cannot coerce the result to a single JSON object', {
      details: `The result contains ${called.returned} rows`,
    });
  }
  if (form.counted && choice.offset > called.total) {
    throw refusal('PGRST103', 'Requested range not satisfiable', {
      details: `An offset of ${choice.offset} was requested, but there are only ${called.total} rows.`,
    });
  }
  return called;
}

function opened({ sealed, ...called }: Row, { form, keyring, log }: Call): Called {
  if (sealed === null || called.returned === 0) return called;
  const rows = openSecrets(form.singular ? `[${called.body}]` : called.body, sealed, keyring, log);
  const [first = 'null'] = rows;
  return { ...called, body: form.singular ? first : `[${rows.join(', ')}]`, returned: rows.length };
}

/**
 * Every name in it stands in the allow-list. Arguments that were left out are not named, so that their defaults hold. PostgreSQL reads the
 * JSON itself, so no number loses a digit. Counting the rows has the function called also where LIMIT is 0.
 * $1 the arguments as a JSON object · $2 LIMIT or NULL · $3 OFFSET
 */
function statement(fn: RpcFunction, given: CallArguments, choice: RowChoice, form: Representation): string {
  const parameters = Object.entries(fn.parameters).map(([name, type]) => `${name} ${type}`);
  const named = given.names.map((name) => `${name} := a.${name}`);
  const order = choice.order.length > 0 ? `ORDER BY ${choice.order.join(', ')}` : '';
  const rows = form.singular ? '(json_agg(c) -> 0)' : "coalesce(json_agg(c), '[]')";
  return `
    WITH called AS MATERIALIZED (
      SELECT r.* FROM json_to_record($1::text::json) AS a (${parameters.join(', ')}), LATERAL public.${fn.name}(${named.join(', ')}) r
    ), chosen AS (
      SELECT ${choice.columns.join(', ')} FROM called ${order} LIMIT $2::bigint OFFSET $3::bigint
    )
    SELECT ${form.nullsStripped ? `json_strip_nulls(${rows})` : rows}::text AS body, count(*)::integer AS returned,
           (SELECT count(*)::integer FROM called) AS total, ${sealedColumn(fn)}
    FROM chosen c`;
}
