import { HooklineError } from '../../../errors.js';
import type { FileStatement, Schema } from '../../table/schema.js';
import { beginningOf } from '../../table/split-statements.js';
import { alone, branchSchema } from './branches.js';
import { bringBack, noteBefore } from './bring-back.js';
import { checkIsDdl } from './ddl-only.js';
import { PRODUCTION } from './names.js';
import { withScratch } from './scratch.js';
import { isConnectionLost, wordsOf } from './server-errors.js';
import { type Settings, type Work, withWork } from './work.js';

/**
 * Runs the statements on a copy of the branch first, where all have to work, and then on the branch. Where one fails there nonetheless, the branch is brought back
 * to what it was, by another connection when this one is lost, and by the next command when this process is.
 * Throws `branch_protected`, `branch_not_found`, `branch_in_use`, `schema_apply_failed`.
 */
export async function applyStatements(
  work: Work,
  branch: string,
  statements: readonly FileStatement[],
  onApplied: (statement: FileStatement) => void,
): Promise<void> {
  if (branch === PRODUCTION) {
    throw new HooklineError('branch_protected', undefined, {
      hint: 'Make a branch, apply the file there, and bring it here by a deploy request.',
    });
  }
  for (const statement of statements) checkIsDdl(statement);
  await alone(work, branch, async () => {
    const before = await branchSchema(work, branch);
    const database = work.names.databaseOf(branch);
    await withScratch(work, before, (scratch) => runAll(work, scratch, statements));
    let failed: FileStatement | undefined;
    const applied: FileStatement[] = [];
    await noteBefore(work, branch, before);
    try {
      for (const statement of statements) {
        failed = statement;
        await work.ddl(database, statement.text);
        applied.push(statement);
        onApplied(statement);
      }
      await noteBefore(work, branch, null);
    } catch (error) {
      if (failed === undefined || !(error instanceof Error)) throw error;
      const left = await undone(work, branch, before, isConnectionLost(error));
      throw failure(failed, error, left ?? stayed(applied, failed), database);
    }
  });
}

async function runAll(work: Work, scratch: string, statements: readonly FileStatement[]): Promise<void> {
  for (const statement of statements) {
    try {
      await work.ddl(scratch, statement.text);
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      throw failure(statement, error, 'Nothing was changed: it was tried on a copy of the branch.', scratch);
    }
  }
  // What Hookline could not read again would make the branch unusable.
  await work.schemaIn(scratch);
}

/** What to say when the branch is as it was; undefined when that could not be brought about. */
async function undone(work: Work, branch: string, before: Schema, lost: boolean): Promise<string | undefined> {
  try {
    if (lost) return await withWork(settingsOf(work), (other) => undone(other, branch, before, false));
    const emptied = await bringBack(work, work.names.databaseOf(branch), before);
    if (emptied === undefined) return undefined;
    await noteBefore(work, branch, null);
    const without = emptied.length === 0 ? '' : `, without what the branch had stored in: ${emptied.join(', ')}`;
    return `The branch has its tables as they were before${without}.`;
  } catch {
    // What went wrong first is what is told.
    return undefined;
  }
}

function settingsOf({ names, actor, revertWindowMs, tableWaitMs, now }: Work): Settings {
  return { names, actor, revertWindowMs, tableWaitMs, now };
}

function stayed(applied: readonly FileStatement[], failed: FileStatement): string {
  const lines = applied.map(({ line }) => line).join(', ') || 'none';
  return `The branch could not be brought back; the next command tries that again. Until then stand the statements of the lines: ${lines}; that of line ${failed.line} may have been run.`;
}

function failure(statement: FileStatement, error: unknown, consequence: string, database = ''): HooklineError {
  const message = `Line ${statement.line}: ${beginningOf(statement.text)}: ${wordsOf(error, database)}`;
  return new HooklineError('schema_apply_failed', message, {
    hint: `${consequence} Mend the statement, and apply the file again.`,
    cause: error,
  });
}
