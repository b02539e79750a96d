import { lintSchema } from '../../schema/lint/lint-schema.js';
import type { Schema } from '../../schema/table/schema.js';

const DOCS = 'https://planetscale.com/docs';

/** A finding in the shape of PlanetScale's linter, as `GET …/schema/lint` and `lint_errors` have it. */
export interface LintError {
  readonly lint_error: string;
  readonly subject_type: 'table';
  readonly keyspace_name: string;
  readonly table_name: string;
  readonly column_name: string | null;
  readonly error_description: string;
  readonly docs_url: string;
}

/** What PlanetScale refuses in a schema; foreign keys are not allowed, as in a database that has not opted in. */
export function lintErrorsOf(schema: Schema, keyspace: string): LintError[] {
  return lintSchema(schema, { allowForeignKeys: false, sharded: false, dataLoss: false })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, table, column, message }) => ({
      lint_error: code,
      subject_type: 'table',
      keyspace_name: keyspace,
      table_name: table ?? '',
      column_name: column,
      error_description: message,
      docs_url: DOCS,
    }));
}
