import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { AREAS, type SqlGroup } from './areas.js';
import { type Result, scoreOf, textOf } from './report.js';
import { startDriver } from './sql/driver.js';
import { mutateSql } from './sql/run.js';
import { mutateTypescript } from './typescript/run.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What an area must reach. */
const LEAST = 85;

await new Command('mutation')
  .description(
    'Changes one place of the code after the other, and sees whether a test notices: TypeScript with Stryker, functions in PostgreSQL one by one. ' +
      `Ends with 1 when an area stays below ${LEAST} %.`,
  )
  .addArgument(new Argument('[areas...]', 'only these').choices(AREAS.map(({ name }) => name)))
  .option('--sample <n>', 'of the functions in PostgreSQL every n-th mutant alone, for a quick look', Number, 1)
  .action(async (names: readonly string[], { sample }: { readonly sample: number }) => {
    const failed: string[] = [];
    for (const area of AREAS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const results: Result[] = [];
      if (area.typescript !== undefined) results.push(mutateTypescript(ROOT, area.typescript));
      if (area.sql !== undefined) results.push(await onPostgres(area.sql, sample));
      process.stdout.write(`${textOf(area.title, results)}\n`);
      if (!(scoreOf(results) >= LEAST)) failed.push(area.name);
    }
    if (failed.length > 0) throw new Error(`Below ${LEAST} %: ${failed.join(', ')}.`);
  })
  .parseAsync();

async function onPostgres(groups: readonly SqlGroup[], sample: number): Promise<Result> {
  const driver = await startDriver(ROOT);
  try {
    return await mutateSql(driver, groups, sample, (line) => process.stderr.write(`${line}\n`));
  } finally {
    await driver.close();
  }
}
