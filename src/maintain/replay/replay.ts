import type { Logger } from 'pino';
import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { toHooklineError } from '../../db/sql-errors.js';
import { loadSql } from '../../db/sql-file.js';
import type { LoopMetrics } from '../../observe/metrics/loop-metrics.js';
import { type Loop, startLoop } from '../loop.js';

const DUE = loadSql(import.meta.url, './due.sql');
const ADVANCE = loadSql(import.meta.url, './advance.sql');
/** Replays of one look. The others wait for the next one, and are then first. */
const REPLAYS_PER_LOOK = 100;

/** A replay after one step. */
interface Step {
  readonly webhookId: string;
  readonly state: 'running' | 'completed' | 'cancelled' | 'expired';
  /** Deliveries made so far. */
  readonly created: number;
  readonly total: number;
}

export interface ReplayOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly metrics?: LoopMetrics | undefined;
  /** Pause between two looks. Default half a second. */
  readonly intervalMs?: number;
}

/**
 * Advances running replays (`create_webhook_replay`): makes their deliveries, in order and at their rate, which are then sent like any other. Any number of
 * processes may do so at once: a step is one transaction that holds the replay, so each original is replayed once, also when a process is killed.
 */
export function startReplayLoop({ db, log, metrics, intervalMs = 500 }: ReplayOptions): Loop {
  async function look(signal: AbortSignal): Promise<void> {
    for (const id of await dueReplays(db)) {
      if (signal.aborted) return;
      try {
        await advanceWhileDue(id, signal);
      } catch (error) {
        const reason = toHooklineError(error);
        if (reason.code === 'database_unavailable') throw reason;
        // One that cannot go on must not keep the others from it.
        log.error({ err: reason, replay_id: id }, 'replay.not_advanced');
      }
    }
  }

  /** A step that only passed deliveries over is due again at once. */
  async function advanceWhileDue(id: string, signal: AbortSignal): Promise<void> {
    for (let step = await advance(db, id); step !== undefined; step = await advance(db, id)) {
      if (step.state !== 'running')
        log.info(
          { replay_id: id, webhook_id: step.webhookId, state: step.state, created: step.created, total: step.total },
          'replay.ended',
        );
      if (signal.aborted) return;
    }
  }

  return startLoop({ log, db, metrics, name: 'replays', intervalMs, look });
}

async function dueReplays(db: Database): Promise<string[]> {
  const { rows } = await asService(db, (tx) => tx.query<{ id: string }>(DUE, [REPLAYS_PER_LOOK]));
  return rows.map(({ id }) => id);
}

/** Takes one step, if the replay is due and nobody else takes it. Throws what the database throws. */
export async function advance(db: Database, id: string): Promise<Step | undefined> {
  const { rows } = await asService(db, (tx) => tx.query<Step>(ADVANCE, [id]));
  return rows[0];
}
