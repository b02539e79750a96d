import type { Key, Schema, Table } from '../table/schema.js';
import { dropped, foreignKeysOf } from './foreign-key-rules.js';
import type { LintOptions } from './lint-options.js';
import type { Breach, Rule } from './rule.js';
import { isUnique } from './unique-keys.js';
import { shippedVindexes, type TableVindex } from './vindexes.js';
import { isSameName, sqlName, wordsOf } from './words.js';

const onShards: Rule<Schema>['applies'] = ({ sharded }) => sharded;

/** What does not hold, or is not taken, over several shards; docs/planetscale.md says why. */
export const SHARDING_RULES: readonly Rule<Schema>[] = [
  {
    code: 'SHARDED_AUTO_INCREMENT',
    severity: 'error',
    applies: onShards,
    check: spreadTables((table) =>
      table.columns
        .filter(({ definition }) => wordsOf(definition).some(({ keyword }) => keyword === 'AUTO_INCREMENT'))
        .map(({ name }) => ({
          table: table.name,
          column: name,
          message: `The column ${table.name}.${name} is AUTO_INCREMENT, so each shard would count by itself and give the same number to several rows. PlanetScale calls it UNSUPPORTED_SHARDED_FEATURE.`,
        })),
    ),
    hint: ({ table, column }) => {
      const sequence = sqlName(`${table}_seq`);
      return `Leave AUTO_INCREMENT out. In an unsharded keyspace: CREATE TABLE ${sequence} (id INT NOT NULL DEFAULT 0, next_id BIGINT, cache BIGINT, PRIMARY KEY (id)) COMMENT 'vitess_sequence'; ALTER VSCHEMA ADD SEQUENCE ${sequence}; then here: ALTER VSCHEMA ON ${sqlName(table ?? '')} ADD AUTO_INCREMENT ${sqlName(column ?? '')} USING ${sequence};`;
    },
  },
  {
    code: 'SHARDED_NO_VINDEX',
    severity: 'error',
    applies: onShards,
    check: spreadTables((table, vindex) =>
      vindex.columns?.length === 0
        ? [
            {
              table: table.name,
              message: `The VSchema names no primary vindex of the table ${table.name}, so no row of it has a shard.`,
              detail: table.keys.find(isUnique)?.columns[0] ?? 'column',
            },
          ]
        : [],
    ),
    hint: ({ table, detail }) =>
      `ALTER VSCHEMA ON ${sqlName(table ?? '')} ADD VINDEX xxhash (${sqlName(detail ?? '')}) USING xxhash; with the column that rows are mostly found by.`,
  },
  {
    code: 'SHARDED_VINDEX_COLUMN_MISSING',
    severity: 'error',
    applies: onShards,
    check: spreadTables((table, { columns }) =>
      (columns ?? [])
        .filter((name) => columnOf(table, name) === undefined)
        .map((name) => ({
          table: table.name,
          column: name,
          message: `The primary vindex of ${table.name} is on ${name}, which the table does not have. PlanetScale calls it INVALID_VSCHEMA.`,
        })),
    ),
    hint: ({ table, column }) =>
      `Keep the column ${sqlName(column ?? '')} in ${sqlName(table ?? '')}: a primary vindex cannot be changed where rows are.`,
  },
  {
    code: 'SHARDED_NULLABLE_VINDEX',
    severity: 'warning',
    applies: onShards,
    check: spreadTables((table, { columns }) =>
      (columns ?? [])
        .map((name) => columnOf(table, name))
        .filter((column) => column?.nullable === true)
        .map((column) => ({
          table: table.name,
          column: column?.name ?? '',
          message: `The column ${table.name}.${column?.name} chooses the shard and may be NULL: a row without it has no shard of its own, and NULLs are distinct in a unique key.`,
        })),
    ),
    hint: ({ table, column }) =>
      `ALTER TABLE ${sqlName(table ?? '')} MODIFY COLUMN ${sqlName(column ?? '')} with its type and NOT NULL.`,
  },
  {
    code: 'SHARDED_UNIQUE_KEY',
    severity: 'warning',
    applies: onShards,
    check: spreadTables((table, vindex) =>
      table.keys
        .filter((key) => isUnique(key) && !holdsOverShards(key, vindex))
        .map(({ name, columns }) => ({
          table: table.name,
          ...(columns.length === 1 && columns[0] ? { column: columns[0] } : {}),
          message: `The unique key ${name} of ${table.name} is unique inside a shard alone: it lacks ${vindex.columns?.join(', ')}, which chooses the shard.`,
          detail: vindex.columns?.map(sqlName).join(', ') ?? '',
        })),
    ),
    hint: ({ detail, column }) =>
      `Put ${detail} into the key, or fill ${column ? sqlName(column) : 'its columns'} by a sequence, or look the value up by a vindex of its own: consistent_lookup_unique.`,
  },
  {
    code: 'SHARDED_FOREIGN_KEY',
    severity: 'error',
    // Where they are not allowed at all, FOREIGN_KEYS_DISALLOWED says so.
    applies: ({ sharded, allowForeignKeys }) => sharded && allowForeignKeys,
    check: (schema) =>
      foreignKeysOf(schema).map(({ name, from, to }) => ({
        table: from,
        message: `The foreign key ${name} from ${from} to ${to} would be upheld inside a shard alone, and PlanetScale has no sharded keyspaces in a database with foreign keys.`,
        detail: name,
      })),
    hint: ({ table, detail }) => `${dropped(table, detail)} Uphold the relation in the application.`,
  },
];

/** A check of the tables that lie in several shards. */
function spreadTables(check: (table: Table, vindex: TableVindex) => readonly Breach[]): Rule<Schema>['check'] {
  return (schema, options) =>
    [...schema.values()].flatMap((table) => {
      const vindex = vindexOf(table, options);
      return vindex.columns === null ? [] : check(table, vindex);
    });
}

function vindexOf({ name, options: comment }: Table, { vindexes = shippedVindexes() }: LintOptions): TableVindex {
  // A sequence stands in an unsharded keyspace, and Vitess knows it by its comment.
  const columns = wordsOf(comment).some(({ text }) => text === "'vitess_sequence'") ? null : [];
  return vindexes.get(name) ?? { columns, sequenceColumn: null };
}

function columnOf(table: Table, name: string): Table['columns'][number] | undefined {
  return table.columns.find((column) => isSameName(column.name, name));
}

/** Rows that are the same in the key meet in one shard, or a sequence numbers them over all. */
function holdsOverShards({ columns }: Key, vindex: TableVindex): boolean {
  const has = (wanted: string): boolean => columns.some((name) => name !== null && isSameName(name, wanted));
  if (vindex.columns === null || vindex.columns.length === 0) return true;
  return vindex.columns.every(has) || (vindex.sequenceColumn !== null && has(vindex.sequenceColumn));
}
