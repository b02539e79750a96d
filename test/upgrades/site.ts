import { expect } from 'vitest';
import { loadConfig } from '../../src/config.js';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { type RunningHookline, startHookline } from '../../src/main.js';
import { type Bystander, startBystander } from '../chaos/bystander.js';
import { checkInvariants } from '../chaos/invariants.js';
import { captureLog } from '../harness/captured-log.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { answers, type Fate, makeTenants, type Tenant, trigger } from './fill.js';

/** An installation that is upgraded: a database, workers beside it, a receiver, and a count of everything. */
export class Site {
  readonly #databaseUrl: string;
  readonly #receiver: ReceiverServer;
  readonly #remove: () => Promise<void>;
  readonly #log = captureLog();
  readonly #triggered: string[] = [];
  readonly #heldAtTheEnd = new Map<string, number>();
  readonly #refused: unknown[] = [];
  #events: Bystander | undefined;
  #old: HooklineProcess | undefined;
  #new: RunningHookline | undefined;
  #isOver = false;

  private constructor(
    readonly db: Database,
    readonly tenants: Readonly<Record<Fate, Tenant>>,
    databaseUrl: string,
    receiver: ReceiverServer,
    remove: () => Promise<void>,
  ) {
    this.#databaseUrl = databaseUrl;
    this.#receiver = receiver;
    this.#remove = remove;
    receiver.answerWith(answers(() => this.#isOver));
  }

  /** On a fresh database, which `migrate` brings to where it is to begin. */
  static async open(migrateTo: (db: Database) => Promise<unknown>): Promise<Site> {
    const { url, drop } = await newPostgresDatabase({ migrated: false });
    const db = openPostgres({ connectionString: url });
    await migrateTo(db);
    const receiver = await startReceiver();
    return new Site(db, await makeTenants(db, receiver.url), url, receiver, drop);
  }

  /** A worker of an earlier release, a process of its own, once it runs. */
  async startOld(program: string): Promise<HooklineProcess> {
    const worker = startHooklineProcess([], { ...this.#settings, LOG_LEVEL: 'info' }, [], program);
    this.#old = worker;
    await worker.waitForOutput('hookline.started');
    return worker;
  }

  /** A worker of this version, with all that runs beside deliveries. */
  async startNew(): Promise<void> {
    this.#new = await startHookline(loadConfig(this.#settings), { api: false, worker: true, log: this.#log.log });
  }

  get #settings(): Record<string, string> {
    return { DATABASE_URL: this.#databaseUrl, HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' };
  }

  async trigger(fate: Fate, events: number): Promise<string[]> {
    const ids = await trigger(this.db, this.tenants[fate], events);
    this.#triggered.push(...ids);
    return ids;
  }

  /** Waits until all deliveries of a webhook have the status. */
  async waitFor(fate: Fate, status: string): Promise<void> {
    let counts: unknown;
    const all = async () => {
      const { rows } = await this.db.query<{ status: string; n: number }>(
        'SELECT status, count(*)::int AS n FROM webhook_deliveries WHERE webhook_id = $1::uuid GROUP BY status',
        [this.tenants[fate].webhookId],
      );
      counts = rows;
      return rows.length === 1 && rows[0]?.status === status;
    };
    await waitUntil(all, {
      message: () => `${fate} to be ${status}: ${JSON.stringify(counts)}\n${this.#complaints()}`,
      timeoutMs: 30_000,
    });
  }

  /** Waits until the receiver has got so many calls of a webhook. */
  async waitForCalls(fate: Fate, calls: number): Promise<void> {
    const come = () => this.#receiver.requests.filter(({ url }) => url.endsWith(fate)).length;
    await waitUntil(() => come() >= calls, {
      message: () => `${calls} calls of ${fate}; ${come()} came\n${this.#complaints()}`,
      timeoutMs: 30_000,
    });
  }

  setActive(fate: Fate, isActive: boolean): Promise<unknown> {
    return asService(this.db, (tx) =>
      tx.query('UPDATE webhooks SET is_active = $1 WHERE id = $2::uuid', [isActive, this.tenants[fate].webhookId]),
    );
  }

  /** From now on events go on coming. */
  keepTriggering(): void {
    const one = async () => {
      try {
        return await this.trigger('steady', 2);
      } catch (error) {
        this.#refused.push(error);
        throw error;
      }
    };
    this.#events = startBystander({ trigger: one, receiver: this.#receiver, intervalMs: 50 });
  }

  /** Waits until an event that is triggered after this has been delivered. */
  async passOne(): Promise<void> {
    const [id] = await this.trigger('steady', 2);
    const has = ({ headers }: { headers: Record<string, unknown> }) => headers['x-webhook-delivery'] === id;
    await waitUntil(() => this.#receiver.requests.some(has), {
      message: () => `delivery ${id}\n${this.#complaints()}`,
      timeoutMs: 30_000,
    });
  }

  /**
   * Ends the worker of the earlier release in good order. What it held is given back; `cannotGiveBack`: it cannot any more, so these may be sent once more, when
   * their lease is over.
   */
  async endOld({ cannotGiveBack }: { readonly cannotGiveBack: boolean }): Promise<void> {
    if (cannotGiveBack) {
      const { rows } = await this.db.query<{ id: string }>(
        'SELECT delivery_id::text AS id FROM hookline.queue WHERE lease_worker IS NOT NULL',
      );
      for (const { id } of rows) this.#heldAtTheEnd.set(id, 1);
    }
    expect(await this.#old?.end('SIGTERM'), this.#complaints()).toBe(0);
  }

  /** Ends the events that go on coming, and gives the errors of those that were refused. */
  async stopTriggering(): Promise<readonly unknown[]> {
    await this.#events?.stop();
    return this.#refused;
  }

  /** Lets everything succeed from here and end, and checks that nothing was lost, repeated or miscounted. */
  async finish(): Promise<void> {
    this.#isOver = true;
    await this.setActive('inactive', true);
    // The hour passes for which retries wait, and the minute by which 0022 puts off what is of an inactive webhook.
    await this.db.query('UPDATE hookline.queue SET due_at = now() WHERE is_waiting');
    let left: unknown;
    const ended = async () => {
      const { rows } = await this.db.query(
        `SELECT status, request_url FROM webhook_deliveries WHERE status IN ('pending', 'retrying')`,
      );
      left = rows;
      return rows.length === 0;
    };
    await waitUntil(ended, {
      message: () => `all to end: ${JSON.stringify(left)}\n${this.#complaints()}`,
      timeoutMs: 60_000,
    });
    await this.#new?.stop();
    await checkInvariants(this.db, {
      triggered: this.#triggered,
      requests: this.#receiver.requests,
      heldAtKills: this.#heldAtTheEnd,
    });
  }

  /** What the workers logged of errors. */
  #complaints(): string {
    const old = this.#old?.output().split('\n') ?? [];
    const lines = [...old, ...this.#log.all().map((line) => JSON.stringify(line))];
    return lines.filter((line) => !line.includes('"level":"info"')).join('\n');
  }

  /** Ends whatever is left. */
  async close(): Promise<void> {
    await this.#events?.stop();
    await this.#old?.end('SIGKILL');
    await this.#new?.stop();
    await this.#receiver.close();
    await this.db.close();
    await this.#remove();
  }
}
