import type { MapRecord } from '@hookline/receiver';
import { HooklineError } from '../../errors.js';
import type { BranchConnection, Provider } from '../provider.js';
import type { ContentTable } from './content-table.js';
import { removeLeftovers, removeRun } from './replayed-rows.js';
import { createReplayer, type Replayer } from './replayer.js';
import { withCleanup } from './with-cleanup.js';

/** A branch that webhooks are replayed on. */
export interface Side {
  readonly table: ContentTable;
  readonly sql: BranchConnection['sql'];
  readonly store: BranchConnection['store'];
  readonly replay: Replayer;
  /** Takes away the rows so far: those of one page, or all. */
  clear(page?: number): Promise<void>;
}

interface SideOptions {
  readonly branch: string;
  readonly table: ContentTable;
  readonly run: string;
  readonly mapRecord: MapRecord | undefined;
  /** Whether columns that the table has not are left out of what the mapping gives. */
  readonly isBase: boolean;
}

/** What `work` gives, with a branch that is left as it was found: without the rows of this run, and of runs that were killed. */
export async function withSide<T>(
  provider: Provider,
  { branch, table, run, mapRecord, isBase }: SideOptions,
  work: (side: Side) => Promise<T>,
): Promise<T> {
  const connection = await provider.connect(branch, 'readwriter');
  const takes = (column: string): boolean => !isBase || table.has(column.toLowerCase());
  const side: Side = {
    table,
    sql: connection.sql,
    store: connection.store,
    replay: createReplayer(connection, mapRecord, takes),
    clear: (page) => removeRun(connection.sql, run, page),
  };
  return withCleanup(
    async () => {
      await removeLeftovers(connection.sql);
      return work(side);
    },
    async () => {
      try {
        await removeRun(connection.sql, run).catch(() => removeOverNew(provider, branch, run));
      } finally {
        await connection.close();
      }
    },
  );
}

/** The first connection may be lost: that may be why the replay ends. */
async function removeOverNew(provider: Provider, branch: string, run: string): Promise<void> {
  try {
    const { sql, close } = await provider.connect(branch, 'readwriter');
    await withCleanup(() => removeRun(sql, run), close);
  } catch (error) {
    throw new HooklineError('database_unavailable', `The rows of the replay could not be taken from ${branch} again.`, {
      hint: "The next replay takes them away, from an hour on. Their idempotency_key begins with 'hookline-replay:'.",
      cause: error,
    });
  }
}
