import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokensOf } from '../../src/db/mysql/sql-tokens.js';
import { HooklineError } from '../../src/errors.js';
import { lintStatements } from '../../src/schema/lint/lint-statements.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';

const OPTIONS = { allowForeignKeys: false, sharded: false, dataLoss: true };

const STATEMENTS = [
  'ALTER TABLE app.t RENAME COLUMN a TO b, DROP c, DROP INDEX d, ADD e INT NOT NULL, ALGORITHM = COPY',
  'ALTER TABLE t CHANGE COLUMN a b INT NOT NULL, ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (id), RENAME TO v',
  'CREATE OR REPLACE DEFINER = root@localhost TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1',
  'CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY, b_id INT REFERENCES app.b (id), c ENUM(\'x\', "y"))',
  "ALTER TABLE t ADD COLUMN (a INT NOT NULL, b TEXT NOT NULL DEFAULT ('NOT NULL')), MODIFY `drop` INT",
  'DROP TABLE IF EXISTS a, app.b',
  'RENAME TABLE a TO app.b, c TO d',
  'CREATE UNIQUE INDEX i ON app.t (a) LOCK = NONE',
  "INSERT INTO t (a) VALUES ('DROP TABLE t')",
];
/** What may stand between two words. */
const GAPS = [' ', '\t', '\n', '\r\n  ', ' /* ; DROP x, */ ', " -- ' RENAME\n", ' # "\n', ' /**/ '];

function codes(sql: string): string[] {
  return lintStatements(splitStatements(sql), OPTIONS).map(({ code }) => code);
}

it('whatever splits into statements is linted, with a line of the file in each finding', () => {
  const words =
    "ALTER TABLE CREATE DROP RENAME COLUMN TO CHANGE ADD IF NOT EXISTS DEFINER = @ . ( ) , ; NULL REFERENCES LIKE SELECT INDEX ON VIEW TRIGGER TRUNCATE LOCK t `a``b` 'x' 1 /*! */".split(
      ' ',
    );
  const text = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((some) => some.join(' ')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  let linted = 0;
  fc.assert(
    fc.property(text, fc.boolean(), (sql, sharded) => {
      let statements: ReturnType<typeof splitStatements>;
      try {
        statements = splitStatements(sql);
      } catch (error) {
        expect(error).toBeInstanceOf(HooklineError);
        return;
      }
      linted += 1;
      const lines = sql.split('\n').length;
      for (const { line, hint } of lintStatements(statements, { ...OPTIONS, sharded })) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines);
        expect(hint).not.toMatch(/undefined|null\b/);
      }
    }),
    { numRuns: 3000 },
  );
  expect(linted).toBeGreaterThan(500);
});

it('comments, spaces and case change no finding', () => {
  const cased = fc.constantFrom('asIs', 'upper', 'lower');
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.constantFrom(...STATEMENTS),
      fc.array(fc.tuple(fc.constantFrom(...GAPS), cased), { minLength: 60, maxLength: 60 }),
      (statement, variations) => {
        const varied = tokensOf(statement).map(({ kind, start, end }, index) => {
          const [gap, letters] = variations[index] ?? [' ', 'asIs'];
          const word = statement.slice(start, end);
          if (kind !== 'word' || letters === 'asIs') return gap + word;
          return gap + (letters === 'upper' ? word.toUpperCase() : word.toLowerCase());
        });
        const expected = codes(statement);
        for (const code of expected) seen.add(code);
        // Names are compared as they are written, so only the codes are, in the order of themselves.
        expect(codes(varied.join('')).sort()).toEqual([...expected].sort());
      },
    ),
    { numRuns: 1000 },
  );
  expect(seen.size).toBeGreaterThanOrEqual(9);
});
