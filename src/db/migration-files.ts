import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { HooklineError } from '../errors.js';

/** A numbered file of plain SQL. */
export interface Migration {
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text, as hex. */
  readonly hash: string;
}

/** What the ledger of a database holds of a migration that ran. */
export interface LedgerRow {
  readonly name: string;
  readonly hash: string;
}

/** The migrations of a folder in the order of their numbers. Throws `migration_failed` for a file that is not named as one. */
export function readMigrations(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name, index, all) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(name) || all[index - 1]?.slice(0, 4) === name.slice(0, 4)) {
        throw new HooklineError('migration_failed', `${name} is no migration: NNNN_name.sql, each number once.`);
      }
      // git may check the file out with CRLF; that is the same migration.
      const text = readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    });
}

/**
 * Those of the known migrations that a ledger lacks. `done` is the ledger, ordered by name.
 * Throws `migration_missing` and `migration_changed` when the ledger and the files tell different histories.
 */
export function unapplied<Known extends LedgerRow>(known: readonly Known[], done: readonly LedgerRow[]): Known[] {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  for (const { name, hash } of done) {
    const migration = byName.get(name);
    if (migration === undefined) {
      throw new HooklineError('migration_missing', `The database holds migration ${name}, which this version lacks.`, {
        hint: 'A newer Hookline migrated this database: run that version, or a later one.',
      });
    }
    if (migration.hash !== hash) {
      throw new HooklineError('migration_changed', `Migration ${name} was applied and has changed since.`, {
        hint: 'Restore the file as it was; a change to the schema is a new migration.',
      });
    }
  }
  const names = new Set(done.map(({ name }) => name));
  const pending = known.filter(({ name }) => !names.has(name));
  const last = done.at(-1)?.name;
  const late = pending.find(({ name }) => last !== undefined && name < last);
  if (late !== undefined) {
    throw new HooklineError('migration_missing', `Migration ${late.name} was never applied, but ${last} was.`, {
      hint: `Give ${late.name} a number after ${last}: migrations run in the order of their numbers.`,
    });
  }
  return pending;
}
