import type { Database } from '../db/database.js';
import { asServiceAtOnce } from '../db/roles.js';
import { loadSql } from '../db/sql-file.js';
import { SCRAPE_LIMIT } from '../observe/metrics/figures.js';
import type { Pending, Unfinished } from '../observe/metrics/receiver-metrics.js';
import type { StoredElsewhere } from './receiver-store.js';

const UNFINISHED = loadSql(import.meta.url, './unfinished.sql');

type Kind = 'callback' | 'event';

/** Makes what counts the unfinished callbacks and events where they are stored: elsewhere, or in Hookline's own database. It throws what that throws. */
export function unfinishedOf(own: Database, elsewhere: StoredElsewhere | undefined): () => Promise<Unfinished> {
  if (elsewhere === undefined) return () => inPostgres(own);
  if (elsewhere.kind === 'postgres') return () => inPostgres(elsewhere.db);
  const { run } = elsewhere;
  const ofKind = async (kind: Kind): Promise<Pending> => pendingOf((await run(mysqlStatement(kind), [])).rows[0]);
  return async () => ({ callback: await ofKind('callback'), event: await ofKind('event') });
}

async function inPostgres(db: Database): Promise<Unfinished> {
  type Row = Record<'callbacks' | 'callbacksOverdue' | 'events' | 'eventsOverdue', number>;
  const [, read] = await asServiceAtOnce<Row>(db, [SCRAPE_LIMIT, []], [UNFINISHED, []]);
  const [row] = read?.rows ?? [];
  if (row === undefined) throw new Error('No figures of the receiver.');
  return {
    callback: { pending: row.callbacks, overdueSeconds: row.callbacksOverdue },
    event: { pending: row.events, overdueSeconds: row.eventsOverdue },
  };
}

/** By the index of state and time; times are UTC there. */
function mysqlStatement(kind: Kind): string {
  return (
    'SELECT COUNT(*) AS pending, TIMESTAMPDIFF(MICROSECOND, MIN(n.next_at), UTC_TIMESTAMP(3)) / 1000000 AS overdue FROM (' +
    `SELECT ${kind}_next_at AS next_at FROM ai_content WHERE ${kind}_state = 'pending' ORDER BY ${kind}_next_at LIMIT 10000) n`
  );
}

/** Numbers come as text from some drivers; of no rows the least time is NULL. */
function pendingOf(row: unknown): Pending {
  const { pending, overdue } = row as { readonly pending: number | string; readonly overdue: number | string | null };
  return { pending: Number(pending), overdueSeconds: Math.max(0, Number(overdue ?? 0)) };
}
