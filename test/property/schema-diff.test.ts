import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diffSchemas } from '../../src/schema/diff/diff-schemas.js';
import { openMysqlSession } from '../../src/schema/mysql-session.js';
import type { SqlSession } from '../../src/schema/sql-session.js';
import { parseTable } from '../../src/schema/table/parse-table.js';
import { readSchema, schemaOf } from '../../src/schema/table/read-schema.js';
import type { Schema, SchemaChange } from '../../src/schema/table/schema.js';
import { schemaHash } from '../../src/schema/table/schema-hash.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { quoted } from '../../src/schema/table/sql-pieces.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { pair, type SchemaWish } from './schema-arbitraries.js';
import { statementsOf } from './schema-statements.js';

const databases: MariadbDatabase[] = [];
const sessions: SqlSession[] = [];

beforeAll(async () => {
  for (let count = 0; count < 2; count += 1) {
    const database = await newMariadbDatabase({ migrated: false });
    databases.push(database);
    sessions.push(await openMysqlSession(database.url));
  }
});

afterAll(async () => {
  for (const session of sessions) {
    // The tables of a broken-off run may refer to one another.
    await session.run('SET foreign_key_checks = 0');
    await dropTables(session);
    await session.close();
  }
  for (const database of databases) await database.drop();
});

async function dropTables(session: SqlSession): Promise<void> {
  const tables = await session.rows<Record<string, string>>('SHOW TABLES');
  const names = tables.flatMap((row) => Object.values(row).map(quoted));
  if (names.length > 0) await session.run(`DROP TABLE ${names.join(', ')}`);
}

/** Makes the database hold this schema and nothing else. */
async function make(session: SqlSession, wish: SchemaWish): Promise<Schema> {
  await session.run('SET foreign_key_checks = 0');
  await dropTables(session);
  for (const statement of statementsOf(wish)) await session.run(statement);
  await session.run('SET foreign_key_checks = 1');
  return readSchema(session);
}

async function run(session: SqlSession, changes: readonly SchemaChange[]): Promise<Schema> {
  for (const { statement } of changes) {
    await session.run(statement).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${changes.map((change) => change.statement).join(';\n')}`);
    });
  }
  return readSchema(session);
}

function sqlOf(schema: Schema): string[] {
  return [...schema.values()].map(({ createStatement }) => createStatement);
}

it('the diff of two schemas, run on the first with foreign keys checked, gives the second, and the reverse diff gives the first again', async () => {
  const [here, there] = sessions;
  if (!here || !there) throw new Error('no sessions');
  let statements = 0;
  await fc.assert(
    fc.asyncProperty(pair, async ([one, other]) => {
      const from = await make(here, one);
      const to = await make(there, other);
      for (const [start, end] of [
        [from, to],
        [to, from],
      ] as const) {
        const changes = diffSchemas(start, end);
        statements += changes.length;
        const result = await run(here, changes);
        const left = diffSchemas(result, end).map(({ statement }) => statement);
        expect(left, sqlOf(end).join('\n')).toEqual([]);
        expect(schemaHash(result)).toBe(schemaHash(end));
      }
      expect(diffSchemas(to, to)).toEqual([]);
      expect(schemaHash(schemaOf(sqlOf(to).toReversed()))).toBe(schemaHash(to));
      for (const table of to.values()) expect(parseTable(table.createStatement)).toEqual(table);
    }),
    { numRuns: 16, endOnFailure: true },
  );
  // Pairs that are alike would prove nothing.
  expect(statements).toBeGreaterThan(60);
}, 240_000);

it('the key that a server made for a foreign key stays when another one could take its place', async () => {
  const [here, there] = sessions;
  if (!here || !there) throw new Error('no sessions');
  for (const session of [here, there]) {
    await make(session, {});
    await session.run('CREATE TABLE p (id int PRIMARY KEY)');
  }
  const rest = 'CONSTRAINT f FOREIGN KEY (r) REFERENCES p (id))';
  await here.run(`CREATE TABLE c (r int, z int, ${rest}`);
  await there.run(`CREATE TABLE c (r int, z int, KEY k (r, z), KEY f (r), ${rest}`);
  const [from, to] = [await readSchema(here), await readSchema(there)];
  expect(schemaHash(await run(here, diffSchemas(from, to)))).toBe(schemaHash(to));
});

it('a schema has another hash exactly when its diff to the other is not empty', () => {
  const table = fc.constantFrom('a', 'b').chain((name) =>
    fc
      .record({
        columns: fc.shuffledSubarray(['`x` int(11) DEFAULT NULL', '`y` int(11) NOT NULL'], { minLength: 1 }),
        keys: fc.subarray(['KEY `k` (`x`)', 'UNIQUE KEY `u` (`x`)']),
        tail: fc.constantFrom('', ' AUTO_INCREMENT=7'),
        comment: fc.constantFrom('', " COMMENT='c'"),
      })
      .map(
        ({ columns, keys, tail, comment }) =>
          `CREATE TABLE \`${name}\` (\n  ${[...columns, ...keys].join(',\n  ')}\n) ENGINE=InnoDB${tail} DEFAULT CHARSET=utf8mb4${comment}`,
      ),
  );
  const schema = fc.uniqueArray(table, { maxLength: 2, selector: (text) => text.slice(0, 16) }).map(schemaOf);
  fc.assert(
    fc.property(schema, schema, (one, other) => {
      expect(schemaHash(one) === schemaHash(other)).toBe(diffSchemas(one, other).length === 0);
    }),
    { numRuns: 500 },
  );
});

const piece = fc.oneof(
  fc.constantFrom(
    'SELECT',
    'x',
    '1.5',
    '(',
    ')',
    ',',
    '`a;``b`',
    "'it''s; \\' --'",
    '"#;""/*"',
    "/* in; ' */",
    '-- ; "\n',
    '# ;`\n',
    '/*! straight_join; */',
    '@v',
  ),
  fc
    .string({ unit: 'binary-ascii', maxLength: 5 })
    .map((text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
);
const statement = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => ['ALTER', ...pieces, 'END'].join(' '));
const between = fc.constantFrom('\n', ' ', "\n-- a comment; '\n", '/* one; " */', '\n\n', ' # `\n', ';');

it('statements that were joined are split again as they were, each with its line', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(between, statement), { minLength: 1, maxLength: 6 }), between, (parts, last) => {
      const text = `${parts.map(([gap, sql]) => `${gap}${sql}`).join(';')};${last}`;
      const found = splitStatements(text);
      expect(found.map((its) => its.text)).toEqual(parts.map(([, sql]) => sql));
      let position = 0;
      for (const { text: sql, line } of found) {
        position = text.indexOf(sql, position);
        expect(line).toBe(text.slice(0, position).split('\n').length);
        position += sql.length;
      }
    }),
    { numRuns: 1000 },
  );
});
