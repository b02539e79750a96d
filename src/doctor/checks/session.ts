import pg from 'pg';
import { finding, ok } from '../catalogue.js';
import type { Check } from '../context.js';

const WITHIN_MS = 5_000;
const ROUNDS = 5;
const PID = 'SELECT pg_backend_pid() AS pid';

/**
 * Whether a connection is a session of its own. Behind a pooler that deals out the server's sessions transaction by transaction, two connections that are open at
 * once get the same one in turn, or one connection different ones. The asking leaves nothing behind: no setting, no prepared statement, no LISTEN.
 */
export const session: Check = {
  area: 'session',
  needs: 'server',
  async run({ config: { databaseUrl = '' } }) {
    const [one, other] = [clientOf(databaseUrl), clientOf(databaseUrl)];
    try {
      await one.connect();
      await other.connect();
      const pids: [Set<number>, Set<number>] = [new Set(), new Set()];
      for (let round = 0; round < ROUNDS; round += 1) {
        pids[0].add(await pidOf(one));
        pids[1].add(await pidOf(other));
      }
      const isShared = [...pids[0]].some((pid) => pids[1].has(pid));
      if (!isShared && pids[0].size === 1 && pids[1].size === 1) {
        return [ok('session', 'Each connection is a session of its own.')];
      }
    } finally {
      await Promise.all([one.end().catch(() => undefined), other.end().catch(() => undefined)]);
    }
    return [
      finding(
        'session',
        'session.pooled',
        `DATABASE_URL leads through a pooler in transaction mode${hintOf(databaseUrl)}: LISTEN hears nothing, and prepared statements get lost or meet those of others.`,
        "Connect to PostgreSQL itself, or to the pooler in session mode (PgBouncer: pool_mode = session; Supabase's pooler: port 5432 in place of 6543).",
      ),
    ];
  },
};

function clientOf(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: WITHIN_MS,
    query_timeout: WITHIN_MS,
    application_name: 'hookline doctor',
  });
  client.on('error', () => undefined);
  return client;
}

async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(PID);
  return rows[0]?.pid ?? 0;
}

/** Where poolers listen by habit. */
function hintOf(databaseUrl: string): string {
  const [, port] = /:(\d+)(?:\/|\?|$)/.exec(databaseUrl.replace(/^.*@/, '')) ?? [];
  if (port === '6543') return " (port 6543: Supabase's pooler)";
  return port === '6432' ? ' (port 6432: PgBouncer)' : '';
}
