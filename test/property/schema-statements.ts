import { quoted } from '../../src/schema/table/sql-pieces.js';
import type { ColumnWish, SchemaWish, TableWish } from './schema-arbitraries.js';

const TEXT = /^(varchar|char|text|longtext|enum|set)/;
/** Of which a generated column can be made, and what can be made of one. */
const PLAIN = /^(int|tinyint|bigint|decimal|varchar)/;
/** Of which a key needs a prefix. */
const LONG = /^(text|longtext|json|blob)/;

/** The statements that make the schema, each to be run without foreign key checks: tables refer to one another. */
export function statementsOf(schema: SchemaWish): string[] {
  const taken = new Set<string>();
  return Object.entries(schema).map(([name, table]) => createStatement(name, table, schema, taken));
}

/** `taken` are the names of foreign keys that there are in the database. */
function createStatement(name: string, table: TableWish, schema: SchemaWish, taken: Set<string>): string {
  const references = referencesOf(table, schema, taken);
  const isReferred = Object.values(schema).some((other) => other.references.some(({ to }) => to === name));
  const partitions = references.length === 0 && !isReferred && isPartitionable(table) ? table.partitions : 0;
  const engine = references.length > 0 || isReferred || partitions > 0 ? 'InnoDB' : table.engine;
  const columns = table.columns.map((column) => [column.name, columnLine(column, table)] as const);
  const id = idLine(table);
  const lines = [
    ...(id !== undefined && table.id?.last === false ? [id] : []),
    ...columns.map(([, line]) => line),
    ...(id !== undefined && table.id?.last === true ? [id] : []),
    ...references.map(({ column, type, nullable }) => `${column} ${type} ${nullable ? 'NULL' : 'NOT NULL'}`),
    ...primaryLines(table),
    ...keyLines(
      table,
      references.map(({ column }) => column),
      partitions > 0,
    ),
    ...references.flatMap(({ column, key }) => (key ? [`KEY own_${column} (${column})`] : [])),
    ...checkLines(table),
    ...references.map(({ line }) => line),
  ];
  const tail = [`ENGINE=${engine}`, `DEFAULT CHARACTER SET ${table.text}`, ...table.options];
  if (partitions > 0) tail.push(`PARTITION BY HASH (id) PARTITIONS ${partitions}`);
  return `CREATE TABLE ${quoted(name)} (\n  ${lines.join(',\n  ')}\n) ${tail.join(' ')}`;
}

function isPartitionable({ id, keys }: TableWish): boolean {
  const isPlain = keys.every(({ kind }) => kind === 'KEY');
  return id !== null && id.key === 'PRIMARY KEY' && id.type !== 'varchar(20) CHARACTER SET ascii' && isPlain;
}

function idLine({ id }: TableWish): string | undefined {
  if (id === null) return undefined;
  return `id ${id.type} NOT NULL${id.auto && !id.type.startsWith('varchar') ? ' AUTO_INCREMENT' : ''}`;
}

function columnLine(column: ColumnWish, table: TableWish): string {
  const charset = TEXT.test(column.type) ? ` ${column.charset}` : '';
  const start = `${quoted(column.name)} ${column.type}${charset}`;
  const source = sourceOf(column, table);
  if (column.generated && source) {
    return `${start} AS (concat(${quoted(source.name)}, '1,(')) ${column.generated.kind}`;
  }
  const ofCheck = column.check && !column.attributes.startsWith('COMMENT') && column.type === 'int';
  const isVisible = column.attributes !== 'INVISIBLE' || (column.nullable && column !== table.columns[0]);
  return [
    start,
    column.nullable ? 'NULL' : 'NOT NULL',
    isVisible && column.attributes === 'INVISIBLE' ? 'INVISIBLE' : '',
    column.default === '' ? '' : `DEFAULT ${column.default}`,
    column.attributes.startsWith('COMMENT') ? column.attributes : '',
    ofCheck ? `CHECK (${quoted(column.name)} > -5)` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The column that a generated one is made of; only types whose conversion depends on no setting of the session. */
function sourceOf({ generated, type, name }: ColumnWish, table: TableWish): ColumnWish | undefined {
  const source = table.columns.find((column) => column.name === generated?.of);
  if (source === undefined || source.name === name || source.generated !== null) return undefined;
  const isConstant = !source.default.includes('(');
  return isConstant && PLAIN.test(type) && PLAIN.test(source.type) ? source : undefined;
}

function primaryLines(table: TableWish): string[] {
  if (table.id)
    return [
      `${table.id.key} ${table.id.key === 'PRIMARY KEY' ? '' : 'u_id '}(id)`,
      ...(table.id.key === 'UNIQUE KEY' ? ownPrimary(table) : []),
    ];
  return ownPrimary(table);
}

function ownPrimary(table: TableWish): string[] {
  const columns = table.columns.filter(
    (column) =>
      table.primary.includes(column.name) &&
      !column.nullable &&
      !sourceOf(column, table) &&
      column.attributes !== 'INVISIBLE',
  );
  if (columns.length === 0) return [];
  return [
    `PRIMARY KEY (${columns.map(({ name, type }) => `${quoted(name)}${LONG.test(type) ? '(10)' : ''}`).join(', ')})`,
  ];
}

function keyLines(table: TableWish, references: readonly string[], isPartitioned: boolean): string[] {
  return table.keys.flatMap((key) => {
    const columns = key.columns.flatMap(
      (name) => table.columns.find((column) => column.name === name) ?? (references.includes(name) ? name : []),
    );
    const [first] = columns;
    if (first === undefined) return [];
    if (key.kind === 'FULLTEXT KEY') {
      if (
        typeof first === 'string' ||
        !/^(varchar|char|text|longtext)/.test(first.type) ||
        sourceOf(first, table) ||
        isPartitioned
      )
        return [];
      return [`FULLTEXT KEY ${quoted(key.name)} (${quoted(first.name)})`];
    }
    const parts = columns.map((column) => {
      if (typeof column === 'string') return column;
      const cut = LONG.test(column.type) || (key.prefix && column.type === 'varchar(100)') ? '(10)' : '';
      return `${quoted(column.name)}${cut}`;
    });
    return [`${key.kind} ${quoted(key.name)} (${parts.join(', ')}) ${key.rest}`];
  });
}

function checkLines(table: TableWish): string[] {
  return table.checks.flatMap(({ name, on, above }) => {
    const column = table.columns.find((its) => its.name === on);
    return column ? [`CONSTRAINT ${quoted(name)} CHECK (length(${quoted(on)}) <> ${above} or 'a,(' = 'b')`] : [];
  });
}

interface Reference {
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly key: boolean;
  readonly line: string;
}

function referencesOf({ references }: TableWish, schema: SchemaWish, taken: Set<string>): Reference[] {
  return references.flatMap(({ to, name, rest, nullable, key }, at) => {
    const parent = schema[to];
    if (!parent?.id || taken.has(name)) return [];
    taken.add(name);
    const column = `ref${at + 1}`;
    const isNullable = nullable || rest.includes('SET NULL');
    const line = `CONSTRAINT ${quoted(name)} FOREIGN KEY (${column}) REFERENCES ${quoted(to)} (id) ${rest}`;
    return [{ column, type: parent.id.type, nullable: isNullable, key, line }];
  });
}
