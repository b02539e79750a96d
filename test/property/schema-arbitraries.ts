import fc from 'fast-check';

/** What a table may be asked to have. Wishes that do not go together are left out when it is written. */
export interface TableWish {
  readonly columns: readonly ColumnWish[];
  /** The column `id`, which other tables refer to. */
  readonly id: {
    readonly type: string;
    readonly auto: boolean;
    readonly key: 'PRIMARY KEY' | 'UNIQUE KEY';
    readonly last: boolean;
  } | null;
  readonly primary: readonly string[];
  readonly keys: readonly KeyWish[];
  readonly checks: readonly { readonly name: string; readonly on: string; readonly above: number }[];
  readonly references: readonly ReferenceWish[];
  readonly text: string;
  readonly engine: string;
  readonly options: readonly string[];
  readonly partitions: number;
}

export interface ColumnWish {
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly nullable: boolean;
  readonly charset: string;
  readonly attributes: string;
  readonly check: boolean;
  readonly generated: { readonly of: string; readonly kind: 'VIRTUAL' | 'STORED' } | null;
}

interface KeyWish {
  readonly name: string;
  readonly kind: 'KEY' | 'UNIQUE KEY' | 'FULLTEXT KEY';
  readonly columns: readonly string[];
  readonly prefix: boolean;
  readonly rest: string;
}

interface ReferenceWish {
  readonly to: string;
  readonly name: string;
  readonly rest: string;
  readonly nullable: boolean;
  readonly key: boolean;
}

/** By the names of tables. */
export type SchemaWish = Readonly<Record<string, TableWish>>;

export const TABLES = ['t1', 't2', 'T2', 'or`der, ('] as const;
const COLUMNS = ['a', 'b', 'C', 'd d', 'e`,(', 'f'] as const;

/** Each with defaults that it takes. */
export const TYPES: Readonly<Record<string, readonly string[]>> = {
  int: ['7', '-1'],
  'bigint unsigned': ['7'],
  'tinyint(1)': ['0'],
  'decimal(10,2)': ['1.50'],
  float: ['0.5'],
  double: ['(1 + 2)'],
  'varchar(20)': ["'it''s, (`\"'", "''", "concat('a', 'b')"],
  'varchar(100)': ["'it''s, (`\"'", "'\\\\ \\n'"],
  'char(5)': ["'x'"],
  text: ["'long, (text'"],
  longtext: [],
  "enum('a,b','c)','d''e','`')": ["'d''e'"],
  "enum('c)','a,b')": ["'c)'"],
  "set('x','y')": ["'x,y'"],
  json: ['\'{"a": [1, 2]}\''],
  'varbinary(20)': ["'x'"],
  blob: [],
  date: ["'2026-01-02'"],
  datetime: ["'2026-01-02 03:04:05'", 'CURRENT_TIMESTAMP'],
  'datetime(3)': ['CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)'],
  timestamp: ['CURRENT_TIMESTAMP', 'CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP'],
  'bit(3)': ["b'101'"],
};
const CHARSETS = [
  '',
  '',
  'CHARACTER SET latin1',
  'CHARACTER SET ascii COLLATE ascii_bin',
  'CHARACTER SET utf8mb4',
  'COLLATE utf8mb4_bin',
];
const ID_TYPES = ['int', 'int', 'bigint unsigned', 'varchar(20) CHARACTER SET ascii'];
const OPTIONS = [
  'ROW_FORMAT=DYNAMIC',
  'STATS_PERSISTENT=1',
  'STATS_SAMPLE_PAGES=12',
  "COMMENT='it''s (`, ENGINE=x'",
  'CHECKSUM=1',
  'MAX_ROWS=1000',
];

const columnName = fc.constantFrom(...COLUMNS);

function column(name: string): fc.Arbitrary<ColumnWish> {
  return fc.constantFrom(...Object.keys(TYPES)).chain((type) =>
    fc.record({
      name: fc.constant(name),
      type: fc.constant(type),
      default: fc.constantFrom('', '', ...(TYPES[type] ?? [])),
      nullable: fc.boolean(),
      charset: fc.constantFrom(...CHARSETS),
      attributes: fc.constantFrom('', '', "COMMENT 'of \\'it\\', ('", 'INVISIBLE'),
      check: fc.boolean(),
      generated: fc.option(fc.record({ of: columnName, kind: fc.constantFrom('VIRTUAL', 'STORED') }), { freq: 3 }),
    }),
  );
}

const key: fc.Arbitrary<KeyWish> = fc.record({
  name: fc.constantFrom('k1', 'k2', 'k`,('),
  kind: fc.constantFrom('KEY', 'KEY', 'UNIQUE KEY', 'FULLTEXT KEY'),
  columns: fc.uniqueArray(fc.constantFrom(...COLUMNS, 'ref1', 'ref2'), { minLength: 1, maxLength: 3 }),
  prefix: fc.boolean(),
  rest: fc.constantFrom('', '', "COMMENT 'a, (key'"),
});

const reference: fc.Arbitrary<ReferenceWish> = fc.record({
  to: fc.constantFrom(...TABLES),
  name: fc.constantFrom('fk1', 'fk2', 'fk3', 'fk`,('),
  rest: fc.constantFrom('', '', 'ON DELETE CASCADE', 'ON UPDATE CASCADE ON DELETE SET NULL'),
  nullable: fc.boolean(),
  key: fc.boolean(),
});

const tableWish: fc.Arbitrary<TableWish> = fc.record({
  columns: fc.shuffledSubarray([...COLUMNS], { minLength: 1 }).chain((names) => fc.tuple(...names.map(column))),
  id: fc.option(
    fc.record({
      type: fc.constantFrom(...ID_TYPES),
      auto: fc.boolean(),
      key: fc.constantFrom('PRIMARY KEY', 'PRIMARY KEY', 'UNIQUE KEY'),
      last: fc.boolean(),
    }),
    { freq: 6 },
  ),
  primary: fc.uniqueArray(columnName, { maxLength: 2 }),
  keys: fc.uniqueArray(key, { maxLength: 3, selector: ({ name }) => name }),
  checks: fc.uniqueArray(fc.record({ name: fc.constantFrom('c1', 'c`,('), on: columnName, above: fc.nat(3) }), {
    maxLength: 2,
    selector: ({ name }) => name,
  }),
  references: fc.array(reference, { maxLength: 2 }),
  text: fc.constantFrom('utf8mb4', 'utf8mb4', 'latin1', 'utf8mb4 COLLATE utf8mb4_bin'),
  engine: fc.constantFrom('InnoDB', 'InnoDB', 'InnoDB', 'InnoDB', 'MyISAM'),
  options: fc.subarray(OPTIONS),
  partitions: fc.constantFrom(0, 0, 0, 2, 3),
});

const schemaWish: fc.Arbitrary<SchemaWish> = fc
  .tuple(...TABLES.map(() => fc.option(tableWish, { freq: 4 })))
  .map((wishes) => Object.fromEntries(TABLES.flatMap((name, at) => (wishes[at] ? [[name, wishes[at]]] : []))));

/** Two schemas of which the second is part the first, part another: most pairs have much in common. */
export const pair: fc.Arbitrary<readonly [SchemaWish, SchemaWish]> = fc
  .record({ one: schemaWish, other: schemaWish, coins: fc.infiniteStream(fc.nat(9)), change: fc.constantFrom(2, 4, 8) })
  .map(({ one, other, coins, change }) => {
    const isOther = () => Number(coins.next().value) < change;
    const mixed = TABLES.flatMap((name) => {
      const [first, second] = [one[name], other[name]];
      if (first && second) return [[name, mix(first, second, isOther)] as const];
      const table = isOther() ? second : first;
      return table ? [[name, table] as const] : [];
    });
    return [one, Object.fromEntries(mixed)] as const;
  });

function mix(one: TableWish, other: TableWish, isOther: () => boolean): TableWish {
  const pick = <T>(first: T, second: T): T => (isOther() ? second : first);
  const order = pick(one, other).columns.map(({ name }) => name);
  const columns = order.flatMap((name) => {
    const [first, second] = [one, other].map((table) => table.columns.find((its) => its.name === name));
    return pick(first, second) ?? [];
  });
  return {
    columns: columns.length > 0 ? columns : one.columns,
    id: pick(one.id, other.id),
    primary: pick(one.primary, other.primary),
    keys: pick(one.keys, other.keys),
    checks: pick(one.checks, other.checks),
    references: pick(one.references, other.references),
    text: pick(one.text, other.text),
    engine: pick(one.engine, other.engine),
    options: pick(one.options, other.options),
    partitions: pick(one.partitions, other.partitions),
  };
}
