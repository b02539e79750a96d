import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { MYSQL_MIGRATIONS } from '../../db/mysql/migrate.js';
import { HooklineError } from '../../errors.js';

/** How Vitess spreads a table over shards. */
export interface TableVindex {
  /** The columns of the primary vindex, which choose a row's shard; null for a table that stands whole in one shard or in each. */
  readonly columns: readonly string[] | null;
  /** The column that a sequence numbers. */
  readonly sequenceColumn: string | null;
}

/** By the name of the table. */
export type Vindexes = ReadonlyMap<string, TableVindex>;

const ColumnVindex = Type.Object({
  column: Type.Optional(Type.String()),
  columns: Type.Optional(Type.Array(Type.String())),
});
const Vschema = Type.Object({
  tables: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({
        type: Type.Optional(Type.String()),
        pinned: Type.Optional(Type.String()),
        column_vindexes: Type.Optional(Type.Array(ColumnVindex)),
        auto_increment: Type.Optional(Type.Object({ column: Type.String() })),
      }),
    ),
  ),
});

/** Reads a keyspace's VSchema, which is JSON. Throws `invalid_config` for another text. */
export function readVindexes(text: string): Vindexes {
  const vindexes = new Map<string, TableVindex>();
  for (const [name, table] of Object.entries(parse(text).tables ?? {})) {
    const [primary] = table.column_vindexes ?? [];
    const isWhole = table.type === 'sequence' || table.type === 'reference' || Boolean(table.pinned);
    const columns = primary?.columns ?? (primary?.column === undefined ? [] : [primary.column]);
    vindexes.set(name, { columns: isWhole ? null : columns, sequenceColumn: table.auto_increment?.column ?? null });
  }
  return vindexes;
}

let shipped: Vindexes | undefined;

/** The VSchema that Hookline ships for its own tables. */
export function shippedVindexes(): Vindexes {
  shipped ??= readVindexes(readFileSync(new URL('vschema.json', MYSQL_MIGRATIONS), 'utf8'));
  return shipped;
}

function parse(text: string): Static<typeof Vschema> {
  try {
    const vschema: unknown = JSON.parse(text);
    if (Value.Check(Vschema, vschema)) return vschema;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new HooklineError('invalid_config', 'The VSchema cannot be read.', {
    hint: 'It has to be JSON like migrations/mysql/vschema.json: {"sharded": true, "vindexes": {…}, "tables": {"ai_content": {"column_vindexes": [{"column": "idempotency_key", "name": "xxhash"}]}}}.',
  });
}
