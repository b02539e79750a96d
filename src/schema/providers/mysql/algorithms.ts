import { tokensOf } from '../../../db/mysql/sql-tokens.js';
import { HooklineError } from '../../../errors.js';
import type { SchemaChange } from '../../table/schema.js';
import { isAlgorithmRefused, wordsOf } from './server-errors.js';
import type { Work } from './work.js';

/** From the cheapest: metadata alone; no new copy of the rows (MariaDB); a copy that the server makes while others write. */
export type Algorithm = 'INSTANT' | 'NOCOPY' | 'INPLACE';

/** Every algorithm of this server that lets others write meanwhile. */
export async function onlineAlgorithms(work: Work): Promise<readonly Algorithm[]> {
  const [row] = await work.rows<{ version: string }>('SELECT VERSION() AS version');
  return /mariadb/i.test(row?.version ?? '') ? ['INSTANT', 'NOCOPY', 'INPLACE'] : ['INSTANT', 'INPLACE'];
}

/** No algorithm that may be taken can make the change; nothing was done. */
export class AlgorithmRefused extends Error {
  override readonly name = 'AlgorithmRefused';
}

/**
 * Makes one change with the first algorithm that the server takes. One that it does not take is refused before anything is done, so to try is safe. A table that is
 * made or dropped needs none: null. Throws `AlgorithmRefused` with the server's words, and what the driver throws.
 */
export async function runChange(
  work: Work,
  database: string,
  change: Pick<SchemaChange, 'operation' | 'statement'>,
  algorithms: readonly Algorithm[],
  run: (statement: string) => Promise<void> = (statement) => work.ddl(database, statement),
): Promise<Algorithm | null> {
  if (change.operation !== 'ALTER') {
    await run(change.statement);
    return null;
  }
  let words = '';
  for (const algorithm of algorithms) {
    try {
      await run(withAlgorithm(change.statement, algorithm));
      return algorithm;
    } catch (error) {
      if (!isAlgorithmRefused(error)) throw error;
      words = wordsOf(error);
    }
  }
  throw new AlgorithmRefused(words);
}

/**
 * `ALTER TABLE t ALGORITHM=…, …`: in front, since nothing may follow what partitions a table. INSTANT takes no LOCK in MySQL 8, and blocks nobody; but a change
 * of partitions MariaDB makes by a copy in spite of it, and writers wait: only LOCK=NONE makes it say so.
 * Throws `internal_error` when it is no ALTER TABLE.
 */
export function withAlgorithm(statement: string, algorithm: Algorithm): string {
  const tokens = tokensOf(statement);
  const [, , name] = tokens;
  if (name === undefined) throw new HooklineError('internal_error');
  const words = tokens.map(({ kind, start, end }) =>
    kind === 'word' ? statement.slice(start, end).toUpperCase() : '',
  );
  const partitioning = words.findIndex((word, at) => PARTITIONING.has(`${word} ${words[at + 1]}`));
  const asked =
    algorithm === 'INSTANT' && partitioning === -1 ? 'ALGORITHM=INSTANT' : `ALGORITHM=${algorithm}, LOCK=NONE`;
  // What partitions a table stands behind the clauses without a comma.
  const comma = partitioning === 3 ? '' : ',';
  return `${statement.slice(0, name.end)} ${asked}${comma}${statement.slice(name.end)}`;
}

const PARTITIONING: ReadonlySet<string> = new Set(['PARTITION BY', 'REMOVE PARTITIONING']);
