/** A column as the server prints it in SHOW CREATE TABLE. */
export interface Column {
  readonly name: string;
  /**
   * What follows the name, as the server writes it, but with the character set and the collation of a text spelt out, also where they are the table's
   * own: so that two columns are the same exactly when their definitions are.
   */
  readonly definition: string;
  /** The type alone, in lower case: `varchar(100)`, `bigint(20) unsigned`, `longtext`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly charset: string | null;
  readonly collation: string | null;
}

/** An index. The primary key's name is `PRIMARY`. */
export interface Key {
  readonly name: string;
  readonly kind: 'primary' | 'unique' | 'plain' | 'fulltext' | 'spatial';
  /** The names of its columns, or null where a part is an expression. */
  readonly columns: readonly (string | null)[];
  /** Whether a part is a prefix of its column: `KEY k (body(20))`. */
  readonly hasPrefix: boolean;
  /** The whole line: `UNIQUE KEY \`k\` (\`a\`,\`b\`)`. */
  readonly definition: string;
}

export interface Constraint {
  readonly name: string;
  readonly kind: 'foreign_key' | 'check';
  /** The whole line: `CONSTRAINT \`c\` …`. */
  readonly definition: string;
  /** The table that a foreign key refers to. */
  readonly references: string | null;
}

/** A table, read from its SHOW CREATE TABLE. Columns stand in their order. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly constraints: readonly Constraint[];
  readonly engine: string;
  readonly charset: string;
  readonly collation: string | null;
  /** Other options than engine, character set, collation and AUTO_INCREMENT, as they stand: `COMMENT='x' ROW_FORMAT=DYNAMIC`. */
  readonly options: string;
  /** `PARTITION BY …`; null without. */
  readonly partitioning: string | null;
  /** The statement that makes it, without the next AUTO_INCREMENT. */
  readonly createStatement: string;
}

/** The base tables of a database, by name in the order of names. */
export type Schema = ReadonlyMap<string, Table>;

/** One statement that takes a table from one schema to the next. */
export interface SchemaChange {
  readonly table: string;
  /** PlanetScale's `operation_name`. */
  readonly operation: 'CREATE' | 'ALTER' | 'DROP';
  /** One statement, without a semicolon and without the name of a database. */
  readonly statement: string;
  /** Whether it can take away stored data. */
  readonly canDropData: boolean;
  /** What would be lost, in words: `column quality_score`, `table drafts`, `body: longtext to text`. */
  readonly losses: readonly string[];
}

/** A statement of a file. */
export interface FileStatement {
  /** Without its semicolon and the comments before it. */
  readonly text: string;
  /** The line it begins at, from 1. */
  readonly line: number;
}
