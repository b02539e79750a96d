import type { Column, Schema, Table } from '../table/schema.js';
import type { Breach, Rule } from './rule.js';
import { type KeyTrouble, keyTroubleOf } from './unique-keys.js';
import { splitAtCommas, sqlName, type Word, wordsOf } from './words.js';

/** Those that PlanetScale takes. */
const CHARSETS = new Set(['utf8', 'utf8mb4', 'utf8mb3', 'latin1', 'ascii']);
const PARTITIONING = new Set(['RANGE', 'HASH', 'KEY']);

/** What holds of each table by itself, in a sharded keyspace or not. */
export const TABLE_RULES: readonly Rule<Schema>[] = [
  {
    code: 'NO_UNIQUE_KEY',
    severity: 'error',
    check: eachTable((table) =>
      keyTrouble(table, 'NO_UNIQUE_KEY', () => 'has no primary key, and no unique key whose columns are all NOT NULL'),
    ),
    hint: ({ table }) =>
      `ALTER TABLE ${named(table)} ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY; or make the columns of a unique key NOT NULL.`,
  },
  {
    code: 'BLOB_IN_UNIQUE_KEY',
    severity: 'error',
    check: eachTable((table) =>
      keyTrouble(
        table,
        'BLOB_IN_UNIQUE_KEY',
        ({ key, column }) => `tells its rows apart by ${key?.name} alone, which has the text or blob ${column}`,
      ),
    ),
    hint: ({ table, column }) =>
      `Give ${named(table)} a primary key without ${named(column)}: ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY. Where the text has to be unique, add a column with its hash: BINARY(32) NOT NULL UNIQUE.`,
  },
  {
    code: 'PARTIAL_KEY_IN_UNIQUE_KEY',
    severity: 'error',
    check: eachTable((table) =>
      keyTrouble(
        table,
        'PARTIAL_KEY_IN_UNIQUE_KEY',
        ({ key, column }) =>
          `tells its rows apart by ${key?.name} alone, which has ${column ?? 'a column'} by a prefix only`,
      ),
    ),
    hint: ({ table, column }) =>
      `Name the whole column in the key${column ? `: (${sqlName(column)}), without the length` : ''}; or ALTER TABLE ${named(table)} ADD COLUMN id BIGINT NOT NULL, and make it the primary key.`,
  },
  {
    code: 'INVALID_CHARSET',
    severity: 'error',
    check: eachTable((table) => [
      ...(CHARSETS.has(table.charset)
        ? []
        : [{ table: table.name, message: `The table ${table.name} is in the character set ${table.charset}.` }]),
      ...table.columns
        .filter(({ charset }) => charset !== null && !CHARSETS.has(charset))
        .map(({ name, charset }) => ({
          table: table.name,
          column: name,
          message: `The column ${table.name}.${name} is in the character set ${charset}.`,
        })),
    ]),
    hint: ({ table, column }) =>
      `ALTER TABLE ${named(table)} ${column === undefined ? 'CONVERT TO' : `MODIFY COLUMN ${named(column)} with its type and`} CHARACTER SET utf8mb4; PlanetScale takes utf8mb4, utf8mb3, utf8, latin1 and ascii.`,
  },
  {
    code: 'DUPLICATE_ENUM_VALUE',
    severity: 'error',
    check: eachTable((table) =>
      table.columns.flatMap((column) =>
        duplicatesIn(column).map((value) => ({
          table: table.name,
          column: column.name,
          message: `The ENUM ${table.name}.${column.name} has the value ${value} more than once.`,
          detail: value,
        })),
      ),
    ),
    hint: ({ table, column, detail }) =>
      `ALTER TABLE ${named(table)} MODIFY COLUMN ${named(column)} ENUM(…) with ${detail} once, and the other values in their order.`,
  },
  {
    code: 'UNSUPPORTED_FEATURE',
    severity: 'error',
    check: eachTable((table) =>
      table.engine.toLowerCase() === 'innodb'
        ? []
        : [{ table: table.name, message: `The table ${table.name} is kept by the storage engine ${table.engine}.` }],
    ),
    hint: ({ table }) => `ALTER TABLE ${named(table)} ENGINE = InnoDB;`,
  },
  {
    code: 'UNSUPPORTED_PARTITIONING_FEATURE',
    severity: 'error',
    check: eachTable((table) =>
      partitioningTroubles(table.partitioning ?? '').map((trouble) => ({
        table: table.name,
        message: `The table ${table.name} is partitioned with ${trouble}.`,
      })),
    ),
    hint: ({ table }) =>
      `ALTER TABLE ${named(table)} REMOVE PARTITIONING; or PARTITION BY RANGE, HASH or KEY, without SUBPARTITION, each partition in InnoDB.`,
  },
  {
    code: 'NOT_UTF8MB4',
    severity: 'warning',
    check: eachTable((table) =>
      narrowTexts(table).map(({ name, charset }) => ({
        table: table.name,
        column: name,
        message: `The column ${table.name}.${name} is in ${charset}, which has no room for every character that an AI writes.`,
      })),
    ),
    hint: ({ table, column }) =>
      `ALTER TABLE ${named(table)} MODIFY COLUMN ${named(column)} with its type and CHARACTER SET utf8mb4; a short column for codes alone may be in ascii.`,
  },
];

/** A check of a schema from one of a table. */
function eachTable(check: (table: Table) => readonly Breach[]): Rule<Schema>['check'] {
  return (schema) => [...schema.values()].flatMap(check);
}

function named(name: string | null | undefined): string {
  return sqlName(name ?? '');
}

function keyTrouble(table: Table, code: KeyTrouble['code'], says: (trouble: KeyTrouble) => string): Breach[] {
  const trouble = keyTroubleOf(table);
  if (trouble?.code !== code) return [];
  const message = `The table ${table.name} ${says(trouble)}.`;
  return [{ table: table.name, message, ...(trouble.column === undefined ? {} : { column: trouble.column }) }];
}

function duplicatesIn({ definition, collation }: Column): string[] {
  const words = wordsOf(definition);
  if (words[0]?.keyword !== 'ENUM') return [];
  const end = words.findIndex(({ keyword }) => keyword === ')');
  // A server that is not strict takes 'a' beside 'A' in a collation that does not tell them apart, and PlanetScale's is strict.
  const fold = (text: string): string => (collation?.endsWith('_ci') ? text.toLowerCase() : text);
  const values = splitAtCommas(words.slice(2, end)).map((value) => fold(value.map(({ text }) => text).join(' ')));
  const seen = new Set<string>();
  const isRepeated = (value: string): boolean => seen.size === seen.add(value).size;
  return [...new Set(values.filter(isRepeated))];
}

function partitioningTroubles(partitioning: string): string[] {
  const words = wordsOf(partitioning);
  const troubles: string[] = [];
  const kind = words.filter(({ keyword }) => keyword !== 'LINEAR')[2];
  if (kind && !PARTITIONING.has(kind.keyword)) troubles.push(kind.keyword);
  if (words.some(({ keyword }) => keyword.startsWith('SUBPARTITION'))) troubles.push('SUBPARTITION');
  return [...troubles, ...new Set(words.flatMap((word, index) => otherEngine(word, words, index)))];
}

function otherEngine({ keyword }: Word, words: readonly Word[], index: number): string[] {
  if (keyword !== 'ENGINE') return [];
  const engine = words[index + 1]?.keyword === '=' ? words[index + 2] : words[index + 1];
  return engine === undefined || engine.keyword === 'INNODB' ? [] : [`the storage engine ${engine.text}`];
}

/**
 * In a table that holds long text or JSON: texts that cannot hold every character. A short one in ascii is meant so (keys, hashes, states), and what
 * INVALID_CHARSET says is not said twice.
 */
function narrowTexts(table: Table): Column[] {
  const isLong = ({ type }: Column): boolean => /^((tiny|medium|long)?text|json)\b/.test(type);
  if (!table.columns.some(isLong)) return [];
  return table.columns.filter(
    (column) =>
      column.charset !== null &&
      CHARSETS.has(column.charset) &&
      column.charset !== 'utf8mb4' &&
      (isLong(column) || (column.charset !== 'ascii' && /^(var)?char\b/.test(column.type))),
  );
}
