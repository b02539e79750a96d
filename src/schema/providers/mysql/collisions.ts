import type { LintFinding } from '../../provider.js';
import type { Schema, Table } from '../../table/schema.js';

/** A schema with changes made to it, or what the server says of the first that fails. */
export interface Applied {
  readonly schema?: Schema;
  readonly failed?: { readonly table: string; readonly words: string };
}

const HINT =
  'Close the deploy request, make a new branch of production as it is now, apply the change there, and make a deploy request of that.';

/** What collides when two diffs of one base do not fit, told by table and column; none when they fit. */
export function collisionsOf(
  base: Schema,
  branch: Schema,
  production: Schema,
  orders: readonly [Applied, Applied],
): LintFinding[] {
  const [one, other] = orders;
  const differing =
    one.schema !== undefined && other.schema !== undefined ? tablesThatDiffer(one.schema, other.schema) : [];
  const failing = [one.failed, other.failed].filter((failed) => failed !== undefined);
  const tables = [...new Set([...differing, ...failing.map(({ table }) => table)])].toSorted();
  return tables.flatMap((table) => {
    const words = failing.find((failed) => failed.table === table)?.words;
    return tableCollisions(table, base.get(table), branch.get(table), production.get(table), words);
  });
}

function tableCollisions(
  table: string,
  base: Table | undefined,
  branch: Table | undefined,
  production: Table | undefined,
  words: string | undefined,
): LintFinding[] {
  const finding = (column: string | null, message: string): LintFinding => ({
    code: 'SCHEMA_CONFLICT',
    severity: 'error',
    table,
    column,
    line: null,
    message,
    hint: HINT,
  });
  const fates = { branch: fateOf(base, branch), production: fateOf(base, production) };
  if (fates.branch !== 'changed' || fates.production !== 'changed') {
    const said = words === undefined ? '' : ` (${words})`;
    return [
      finding(null, `Table ${table} was ${fates.branch} on the branch and ${fates.production} in production.${said}`),
    ];
  }
  const parts = PARTS.flatMap(({ kind, of }) => {
    const [before, ours, theirs] = [base, branch, production].map((one) => of(one as Table)) as [Parts, Parts, Parts];
    const names = new Set([...before.keys(), ...ours.keys(), ...theirs.keys()]);
    return [...names].filter(bothChanged).map((name) => {
      const [here, there] = [changeOf(before.get(name), ours.get(name)), changeOf(before.get(name), theirs.get(name))];
      const column = kind === 'column' ? name : null;
      return finding(column, `Table ${table}, ${kind} ${name}: the branch ${here}, production ${there}.`);
    });

    function bothChanged(name: string): boolean {
      return (
        before.get(name) !== ours.get(name) &&
        before.get(name) !== theirs.get(name) &&
        ours.get(name) !== theirs.get(name)
      );
    }
  });
  if (parts.length > 0) return parts;
  return [
    finding(
      null,
      `Table ${table} was changed on the branch and in production, and the changes do not fit.${words === undefined ? '' : ` (${words})`}`,
    ),
  ];
}

type Parts = ReadonlyMap<string, string>;

const PARTS: readonly { readonly kind: string; readonly of: (table: Table) => Parts }[] = [
  { kind: 'column', of: ({ columns }) => definitions(columns) },
  { kind: 'index', of: ({ keys }) => definitions(keys) },
  { kind: 'constraint', of: ({ constraints }) => definitions(constraints) },
  { kind: 'option', of: optionsOf },
];

function definitions(parts: readonly { readonly name: string; readonly definition: string }[]): Parts {
  return new Map(parts.map(({ name, definition }) => [name, definition]));
}

function optionsOf({ engine, charset, collation, options, partitioning }: Table): Parts {
  return new Map([
    ['engine', engine],
    ['character set', `${charset} ${collation ?? ''}`],
    ['options', options],
    ['partitioning', partitioning ?? ''],
  ]);
}

/** Tables that are not the same in both; the order of their columns, indexes and constraints does not count. */
export function tablesThatDiffer(one: Schema, other: Schema): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => unordered(one.get(name)) !== unordered(other.get(name)),
  );
}

function unordered(table: Table | undefined): string {
  if (table === undefined) return '';
  return JSON.stringify(PARTS.map(({ of }) => [...of(table)].toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function fateOf(base: Table | undefined, now: Table | undefined): 'made' | 'dropped' | 'changed' {
  if (base === undefined) return 'made';
  return now === undefined ? 'dropped' : 'changed';
}

function changeOf(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `adds it as ${shortened(after ?? '')}`;
  return after === undefined ? 'drops it' : `makes it ${shortened(after)}`;
}

const shortened = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 119)}…`);
