import type { Constraint, Schema } from '../table/schema.js';
import type { Breach, Rule } from './rule.js';
import { sqlName } from './words.js';

const withForeignKeys: Rule<Schema>['applies'] = ({ allowForeignKeys }) => allowForeignKeys;

/** What holds of foreign keys. */
export const FOREIGN_KEY_RULES: readonly Rule<Schema>[] = [
  {
    code: 'FOREIGN_KEYS_DISALLOWED',
    severity: 'error',
    applies: ({ allowForeignKeys }) => !allowForeignKeys,
    check: (schema) =>
      foreignKeysOf(schema).map((key) =>
        breach(key, `has the foreign key ${key.name}, which the database does not take`),
      ),
    hint: ({ table, detail }) =>
      `${dropped(table, detail)} The index on its columns can stay. Or switch foreign keys on in PlanetScale's settings of the database, and allow them here.`,
  },
  {
    code: 'FOREIGN_KEYS_NONEXISTENT_TABLE',
    severity: 'error',
    applies: withForeignKeys,
    check: (schema) =>
      foreignKeysOf(schema)
        .filter(({ to }) => !schema.has(to))
        .map((key) =>
          breach(key, `refers by the foreign key ${key.name} to ${key.to}, which is no table of this schema`),
        ),
    hint: ({ table, detail }) => `Create the table that it refers to first, or: ${dropped(table, detail)}`,
  },
  {
    code: 'FOREIGN_KEYS_CIRCULAR_DEPENDENCY',
    severity: 'error',
    applies: withForeignKeys,
    check: (schema) => {
      const keys = foreignKeysOf(schema);
      const byTable = new Map([...schema.keys()].map((name) => [name, keys.filter(({ from }) => from === name)]));
      return keys
        .filter(({ from, to }) => reaches(byTable, to, from))
        .map((key) =>
          breach(
            key,
            key.to === key.from
              ? `refers to itself by the foreign key ${key.name}`
              : `refers by the foreign key ${key.name} to ${key.to}, which leads back to it`,
          ),
        );
    },
    hint: ({ table, detail }) =>
      `${dropped(table, detail)} Uphold one of the relations of the circle in the application.`,
  },
];

interface ForeignKey {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** All of a schema. */
export function foreignKeysOf(schema: Schema): ForeignKey[] {
  return [...schema.values()].flatMap((table) =>
    table.constraints
      .filter(({ kind }: Constraint) => kind === 'foreign_key')
      .map(({ name, references }) => ({ name, from: table.name, to: references ?? '' })),
  );
}

/** The statement that takes a foreign key away. */
export function dropped(table: string | null, foreignKey: string | undefined): string {
  return `ALTER TABLE ${sqlName(table ?? '')} DROP FOREIGN KEY ${sqlName(foreignKey ?? '')};`;
}

function breach({ name, from }: ForeignKey, says: string): Breach {
  return { table: from, message: `The table ${from} ${says}.`, detail: name };
}

function reaches(byTable: ReadonlyMap<string, readonly ForeignKey[]>, start: string, goal: string): boolean {
  const seen = new Set([start]);
  // A set takes what is added while it is walked.
  for (const table of seen) for (const { to } of byTable.get(table) ?? []) seen.add(to);
  return seen.has(goal);
}
