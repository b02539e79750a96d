import pg from 'pg';
import type { SqlGroup } from '../areas.js';
import type { Result, Survivor } from '../report.js';
import type { Driver } from './driver.js';
import { type Mutant, mutantsOf } from './mutants.js';

interface Definition {
  readonly name: string;
  /** CREATE OR REPLACE FUNCTION … as the database has it now, whichever migration made it so. */
  readonly whole: string;
  readonly body: string;
}

const DEFINITION = `SELECT p.oid::regproc::text AS name, pg_get_functiondef(p.oid) AS whole, p.prosrc AS body
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname || '.' || p.proname = $1`;

/**
 * Puts one mutant after the other into the database that all test databases are copies of, runs the tests of its group against each as far as the first
 * failure, and puts the function back. Of the mutants it tries every `sample`-th. Throws when the tests fail without a mutant.
 */
export async function mutateSql(
  driver: Driver,
  groups: readonly SqlGroup[],
  sample: number,
  tell: (line: string) => void,
): Promise<Result> {
  const survivors: Survivor[] = [];
  const count = { killed: 0, invalid: 0 };
  for (const { functions, tests } of groups) {
    const failure = await driver.firstFailure(tests);
    if (failure !== undefined) throw new Error(`Without a mutant: ${failure}`);
    for (const name of functions) {
      const definition = await definitionOf(driver, name);
      for (const [n, mutant] of mutantsOf(definition.body).entries()) {
        if (n % sample !== 0) continue;
        const verdict = await judge(driver, tests, definition, mutant);
        if (verdict === 'survived') survivors.push(survivorOf(definition, mutant));
        else count[verdict] += 1;
        tell(`${verdict} ${name}: ${shown(definition, mutant)}`);
      }
    }
  }
  return { language: 'SQL', ...count, survivors };
}

async function judge(
  driver: Driver,
  tests: readonly string[],
  { whole, body }: Definition,
  { start, end, replacement }: Mutant,
): Promise<'killed' | 'survived' | 'invalid'> {
  const mutated = body.slice(0, start) + replacement + body.slice(end);
  if (
    !(await replace(
      driver,
      whole.replace(body, () => mutated),
    ))
  )
    return 'invalid';
  try {
    return (await driver.firstFailure(tests)) === undefined ? 'survived' : 'killed';
  } finally {
    await replace(driver, whole);
  }
}

/** False when the database does not take the text for a function. */
async function replace(driver: Driver, whole: string): Promise<boolean> {
  return withTemplate(driver, (client) =>
    client.query(whole).then(
      () => true,
      (error: unknown) => {
        // 42…: it is no SQL, or of wrong types; 22…: a constant that is none.
        if (error instanceof pg.DatabaseError && /^(42|22)/.test(error.code ?? '')) return false;
        throw error;
      },
    ),
  );
}

async function definitionOf(driver: Driver, name: string): Promise<Definition> {
  const { rows } = await withTemplate(driver, (client) => client.query<Definition>(DEFINITION, [name]));
  const [definition, ...others] = rows;
  if (definition === undefined || others.length > 0) throw new Error(`${name} is not one function.`);
  return definition;
}

/** Nobody may be connected while it is copied. */
async function withTemplate<T>(driver: Driver, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: driver.templateUrl() });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

function survivorOf(definition: Definition, mutant: Mutant): Survivor {
  const line = definition.body.slice(0, mutant.start).split('\n').length;
  return { place: `${definition.name}, line ${line}`, change: shown(definition, mutant) };
}

/** The line before and after. */
function shown({ body }: Definition, { start, end, replacement }: Mutant): string {
  const from = body.lastIndexOf('\n', start - 1) + 1;
  const to = body.indexOf('\n', end) === -1 ? body.length : body.indexOf('\n', end);
  const whole = `${body.slice(from, start)}⟦${body.slice(start, end)} → ${replacement}⟧${body.slice(end, to)}`;
  return whole.replaceAll(/\s+/g, ' ').trim();
}
