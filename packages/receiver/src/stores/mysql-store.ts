import type { FollowUp, LeasedWork, Store } from '../store.js';
import { field, SPECIFIED_LIMITS } from './fields.js';
import type { Gather } from './gather.js';
import { withRetries } from './mysql-errors.js';
import { createFinish } from './mysql-finish.js';
import { createInsert, idAndTime } from './mysql-insert.js';
import type { Run } from './mysql-run.js';
import { followUpStatements } from './mysql-statements.js';

export interface MysqlSettings {
  readonly name: 'planetscale' | 'mysql';
  readonly run: Run;
  readonly keepPayload: boolean;
  readonly gather: Gather | undefined;
}

/** Several drains at once look for the same due rows; who got none of those looks again so often. */
const CLAIM_ROUNDS = 5;
/** Rows that are given up at a time. */
const EXPIRE_BATCH = 500;

/** `ai_content` in anything that speaks MySQL's SQL: what `mysqlStore` and `planetscaleStore` share. */
export function storeInMysql({ name, run, keepPayload, gather }: MysqlSettings): Store {
  const statements = {
    callback: followUpStatements('callback', keepPayload),
    event: followUpStatements('event', keepPayload),
  };

  const alone = { insert: createInsert(run, keepPayload), finish: createFinish(run, statements) };

  /** Leases due rows; gives the keys of those that it tried, and whether there may be more. */
  async function take(kind: FollowUp, token: string, leaseMs: number, limit: number, id: string | undefined) {
    const { due, take: lease } = statements[kind];
    const { rows } = await run(due(limit, id !== undefined), id === undefined ? [] : [id]);
    const keys = rows.map((row) => String(field(row, 'idempotency_key')));
    if (keys.length === 0) return { keys, won: 0, more: false };
    const { rowsAffected } = await run(lease(keys.length), [token, leaseMs * 1000, ...keys]);
    return { keys, won: rowsAffected, more: keys.length === limit || rowsAffected < keys.length };
  }

  return {
    name,
    // TEXT holds 65,535 bytes. MySQL's JSON is at most 100 deep; MariaDB's check takes 32 and refuses the rest as data.
    limits: {
      ...SPECIFIED_LIMITS,
      body: { bytes: 65_535 },
      metadataDepth: 100,
      payloadDepth: 1_000,
    },

    ...(gather === undefined ? alone : gather({ run, keepPayload, ...alone })),

    async claim(kind, { lease, limit, id }) {
      const tried: string[] = [];
      let won = 0;
      for (let round = 0; round < CLAIM_ROUNDS && won < limit; round++) {
        const taken = await withRetries(() => take(kind, lease.token, lease.ms, limit - won, id));
        tried.push(...taken.keys);
        won += taken.won;
        if (!taken.more) break;
      }
      if (won === 0) return [];
      const keys = [...new Set(tried)];
      const { rows } = await run(statements[kind].taken(keys.length), [lease.token, ...keys]);
      return rows.map((row) => toLeasedWork(row, lease.token));
    },

    async expire(kind) {
      const { late, giveUp } = statements[kind];
      for (let expired = 0; ; ) {
        const { rows } = await run(late(EXPIRE_BATCH), []);
        if (rows.length === 0) return expired;
        const keys = rows.map((row) => String(field(row, 'idempotency_key')));
        const { rowsAffected } = await withRetries(() => run(giveUp(keys.length), keys));
        expired += rowsAffected;
        if (rowsAffected === 0 || rows.length < EXPIRE_BATCH) return expired;
      }
    },
  };
}

function toLeasedWork(row: unknown, leaseToken: string): LeasedWork {
  return {
    ...idAndTime(row),
    idempotencyKey: String(field(row, 'idempotency_key')),
    callbackUrl: String(field(row, 'callback_url')),
    payload: String(field(row, 'payload')),
    attempts: Number(field(row, 'attempts')),
    leaseToken,
  };
}
