import { expect } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceivedRequest, type ReceiverServer, type Script, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { type Bystander, startBystander, TELLING } from './bystander.js';
import { checkInvariants } from './invariants.js';

export interface WorkerSettings {
  /** Default: `worker`. */
  readonly args?: readonly string[];
  /** What it prints once it runs. */
  readonly readyWhen?: string;
  /** Where it finds the database; that of the scene by default. */
  readonly databaseUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly imports?: readonly string[];
}

/** Real workers between a database and receivers, and a count of everything, for tests that break something in between. */
export class Scene {
  readonly #workers: HooklineProcess[] = [];
  readonly #bystanders: Bystander[] = [];
  readonly #receivers: ReceiverServer[] = [];
  readonly #triggered: string[] = [];
  readonly #heldAtKills = new Map<string, number>();
  readonly #remove: () => Promise<void>;

  private constructor(
    /** The application's connections, which nobody cuts. */
    readonly db: Database,
    readonly databaseUrl: string,
    remove: () => Promise<void>,
  ) {
    this.#remove = remove;
  }

  /** A scene on a fresh database of the run's server, or on the empty one at `url`, which is left as it is. */
  static async open(url?: string): Promise<Scene> {
    if (url === undefined) {
      const { url: fresh, drop } = await newPostgresDatabase();
      return new Scene(openPostgres({ connectionString: fresh, poolSize: 20 }), fresh, drop);
    }
    const db = openPostgres({ connectionString: url, poolSize: 20 });
    await migrate(db);
    return new Scene(db, url, async () => undefined);
  }

  async receiver(script?: Script): Promise<ReceiverServer> {
    const receiver = await startReceiver(script);
    this.#receivers.push(receiver);
    return receiver;
  }

  /** Users with a webhook each, of which every delivery may be tried `1 + max_retries` times, a second apart at first. */
  async users(count: number, url: string, columns: Readonly<Record<string, number>> = {}): Promise<string[]> {
    const users: string[] = [];
    for (let n = 0; n < count; n += 1) {
      users.push((await createWebhook(this.db, url, { max_retries: 10, ...columns })).userId);
    }
    return users;
  }

  /** Triggers `events` events for each of the users in one transaction, and gives the ids of the deliveries. */
  async trigger(users: readonly string[], events: number): Promise<string[]> {
    const { rows } = await asService(this.db, (tx) =>
      tx.query<{ id: string }>(
        `SELECT t.delivery_id AS id FROM generate_series(1, $2::int) n, unnest($1::uuid[]) u,
           LATERAL trigger_webhook_event('video.generated', jsonb_build_object('n', n), u) t`,
        [users, events],
      ),
    );
    const ids = rows.map(({ id }) => id);
    this.#triggered.push(...ids);
    return ids;
  }

  /** A tenant whom none of this is about: an event every `intervalMs`, to a receiver that always answers. */
  async bystander(intervalMs = 200): Promise<Bystander> {
    const receiver = await this.receiver();
    const [user = ''] = await this.users(1, receiver.url);
    const bystander = startBystander({ trigger: () => this.trigger([user], 1), receiver, intervalMs });
    this.#bystanders.push(bystander);
    return bystander;
  }

  /** `hookline worker` as a process of its own, once it runs. */
  async startWorker(settings: WorkerSettings = {}): Promise<HooklineProcess> {
    const { args = ['worker'], readyWhen = 'hookline.started', databaseUrl = this.databaseUrl } = settings;
    const { env = {}, imports = [] } = settings;
    const worker = startHooklineProcess(
      args,
      { DATABASE_URL: databaseUrl, HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8', LOG_LEVEL: 'info', ...env },
      imports,
    );
    this.#workers.push(worker);
    await worker.waitForOutput(readyWhen);
    return worker;
  }

  /** Kills a worker and keeps in mind what it held: those may be sent again. */
  async kill(worker: HooklineProcess): Promise<void> {
    this.#workers.splice(this.#workers.indexOf(worker), 1);
    expect(await worker.end('SIGKILL'), worker.output()).toBe('SIGKILL');
    await this.noteKilled(worker.pid);
  }

  /** Keeps in mind what a process held that was killed. */
  async noteKilled(pid: number): Promise<void> {
    const { rows } = await this.db.query<{ id: string }>(
      `SELECT q.delivery_id AS id FROM hookline.queue q JOIN hookline.workers w ON w.id = q.lease_worker WHERE w.name LIKE $1`,
      [`%:${pid}`],
    );
    for (const { id } of rows) this.#heldAtKills.set(id, (this.#heldAtKills.get(id) ?? 0) + 1);
  }

  /** How many of these deliveries (by default of all) have not ended. */
  async unended(ids?: readonly string[]): Promise<number> {
    const { rows } = await this.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM webhook_deliveries
       WHERE status IN ('pending', 'retrying') AND ($1::uuid[] IS NULL OR id = ANY ($1))`,
      [ids ?? null],
    );
    return rows[0]?.n ?? -1;
  }

  get requests(): readonly ReceivedRequest[] {
    return this.#receivers.flatMap(({ requests }) => requests);
  }

  /** Lets all that was triggered end, stops the workers in good order, and checks that nothing was lost, repeated or miscounted. */
  async finish(timeoutMs: number): Promise<void> {
    for (const bystander of this.#bystanders) {
      // On a machine so busy that it has hardly triggered, for longer.
      const isTold = () => bystander.waits().length > TELLING;
      await waitUntil(isTold, { message: 'deliveries of the bystander', timeoutMs });
      await bystander.stop();
    }
    let left = -1;
    const ended = async () => {
      left = await this.unended();
      return left === 0;
    };
    await waitUntil(ended, {
      message: () => `all deliveries to end; ${left} have not\n${this.#complaints()}`,
      timeoutMs,
      intervalMs: 250,
    });
    for (const worker of this.#workers) expect(await worker.end('SIGTERM'), worker.output()).toBe(0);
    expect(this.#complaints(), 'a result given up').not.toContain('result.refused');
    await checkInvariants(this.db, {
      triggered: this.#triggered,
      requests: this.requests,
      heldAtKills: this.#heldAtKills,
    });
  }

  /** What the workers logged of errors. */
  #complaints(): string {
    const lines = this.#workers.flatMap((worker) => worker.output().split('\n'));
    return lines.filter((line) => !line.startsWith('{"level":"info"')).join('\n');
  }

  /** Ends whatever is left. */
  async close(): Promise<void> {
    for (const bystander of this.#bystanders) await bystander.stop();
    for (const worker of this.#workers) await worker.end('SIGKILL');
    for (const receiver of this.#receivers) await receiver.close();
    await this.db.close();
    await this.#remove();
  }
}

/** A receiver that takes its time, and answers one in ten of the first attempts with 500. */
export function failingAtFirst(delayMs: number): Script {
  return ({ headers }, index) => ({
    delayMs,
    status: index % 10 === 0 && headers['x-webhook-attempt'] === '1' ? 500 : 200,
  });
}
