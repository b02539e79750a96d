import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../wait-until.js';
import { serveNew } from './postgres.js';
import { serve } from './postgres-cluster.js';
import { postgresServer } from './postgres-programs.js';
import { findOrInstall } from './provision.js';

/** Keeps what committed when the server crashes; a crash of the machine need not be survived. */
const SURVIVES_A_CRASH = { fsync: 'off', full_page_writes: 'on', synchronous_commit: 'on' };

/** How a server ends: it breaks off every session (fast), or leaves as after a crash, so that the next start recovers (immediate). */
export type Stop = 'fast' | 'immediate';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A PostgreSQL server of a test's own, which can be taken away and brought back on the same data and port. */
export interface RestartablePostgres {
  /** An owner's URL, the same after every start. */
  readonly address: string;
  /** Ends the server and waits for it. */
  stop(how: Stop): Promise<void>;
  /** Starts it again and waits until it answers. */
  start(): Promise<void>;
  /** Kills one of the server's processes: PostgreSQL breaks off every session, recovers and goes on. `pid` is of `pg_stat_activity`. */
  crash(pid: number): void;
  /** Ends it for good and removes its data. */
  remove(): Promise<void>;
}

/** Starts a server from programs on the machine, also when the environment names one: that one is not ours to stop. */
export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  const { bin } = await findOrInstall(postgresServer);
  const { cluster, port, address, kept } = await serveNew(bin, SURVIVES_A_CRASH);
  // One keeper for each start: those of servers that ended stay until the end, since a keeper that leaves removes the data.
  const keepers = [kept];

  return {
    address,
    async stop(how) {
      const pid = Number((await readFile(join(cluster.folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, SIGNALS[how]);
      await waitUntil(() => keepers.at(-1)?.ended(), { message: 'PostgreSQL to end', timeoutMs: 30_000 });
    },
    async start() {
      keepers.push(await serve(cluster, port, SURVIVES_A_CRASH));
    },
    crash: (pid) => void process.kill(pid, 'SIGKILL'),
    async remove() {
      for (const keeper of keepers.reverse()) await keeper.stop();
    },
  };
}
