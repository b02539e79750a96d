import { type Field, fieldOf } from './fields.js';
import type { Outcome, RawRow } from './run-statement.js';

/** `result` of an answer, in protojson: zero values are left out, 64-bit integers are strings. */
export interface Result {
  readonly fields?: readonly Field[];
  readonly rowsAffected?: string;
  readonly insertId?: string;
  readonly rows?: readonly Row[];
}

interface Row {
  /** Bytes of each value; -1 is NULL. */
  readonly lengths: readonly string[];
  /** The values one after the other, in base64. */
  readonly values?: string;
}

export function resultOf(outcome: Outcome): Result {
  if (outcome.fields === undefined) {
    const { affectedRows, insertId } = outcome;
    return {
      ...(affectedRows > 0n && { rowsAffected: affectedRows.toString() }),
      ...(insertId > 0n && { insertId: insertId.toString() }),
    };
  }
  return {
    fields: outcome.fields.map(fieldOf),
    ...(outcome.rows.length > 0 && { rows: outcome.rows.map(rowOf) }),
  };
}

function rowOf(raw: RawRow): Row {
  const present = raw.filter((value) => value !== null);
  const values = Buffer.concat(present).toString('base64');
  return { lengths: raw.map((value) => `${value === null ? -1 : value.length}`), ...(values !== '' && { values }) };
}
