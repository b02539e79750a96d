import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { asServiceAtOnce } from '../db/roles.js';
import { loadSql } from '../db/sql-file.js';
import type { DeliveryMetrics } from '../observe/metrics/delivery-metrics.js';
import { type LoopLog, loopLogOf } from '../observe/outage.js';
import type { RollbackCounter } from '../observe/rollbacks.js';
import type { WebhookSecrets } from './claim/secrets.js';
import type { DatabaseClock } from './database-clock.js';
import type { Caps } from './lanes.js';
import type { Room } from './room.js';
import type { Share } from './share.js';

const BEAT = loadSql(import.meta.url, './heartbeat.sql');
const BEAT_MS = 5_000;
/**
 * Until all have told their shares of the caps, leases count: beats come sooner. Not for ever, since another worker may be of a version that tells none, or
 * have calls that hang.
 */
const SOON_MS = 500;
const SOON_BEATS = 10;
/** Others free a worker's leases 15 s after its last heartbeat (hookline.free_dead_leases); it stops sending a little before. */
const TRUSTED_MS = 13_000;
const FAILED = 'heartbeat.failed';

const FREE_DEAD_LEASES = 'SELECT hookline.free_dead_leases() AS freed';
const FORGET_LEASES = 'SELECT hookline.forget_leases($1::uuid[])';
// A crash of the server that forgets it costs a hint, which polling backs up.
const SET_IDLE =
  "UPDATE hookline.workers SET is_idle = $2::bool WHERE id = $1::uuid RETURNING set_config('synchronous_commit', 'off', true)";
const SIGN_OFF = 'DELETE FROM hookline.workers WHERE id = $1::uuid';

interface Beat extends Caps {
  readonly nowMs: number;
  readonly others: number;
  readonly before: number;
  readonly areCapsCounted: boolean;
}

export interface HeartbeatOptions {
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly log: Logger;
  readonly workerId: string;
  readonly rollbacks: RollbackCounter;
  readonly metrics: Pick<DeliveryMetrics, 'leasesLost'>;
  readonly share: Share;
  readonly room: Room;
  readonly secrets: Pick<WebhookSecrets, 'proofs'>;
}

/** Tells the database that this worker lives, and whether it is idle. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #loopLog: LoopLog;
  readonly #name = `${hostname()}:${process.pid}`;
  readonly #secretKeys: readonly string[];
  #idle = false;
  #hasCompany = false;
  #areCapsCounted = false;
  #lastOk = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #soonBeats = SOON_BEATS;
  #isStopped = false;
  #beating: Promise<unknown> = Promise.resolve();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#secretKeys = options.secrets.proofs;
    this.#loopLog = loopLogOf(options.db, options.log);
  }

  /** Whether this worker's leases still count: its last heartbeat is young enough. */
  get trusted(): boolean {
    return performance.now() - this.#lastOk < TRUSTED_MS;
  }

  get idle(): boolean {
    return this.#idle;
  }

  /** Whether other workers were signed on at the last beat. */
  get hasCompany(): boolean {
    return this.#hasCompany;
  }

  /** Whether leases counted against the caps at the last beat (hookline.caps_are_counted). */
  get areCapsCounted(): boolean {
    return this.#areCapsCounted;
  }

  /** Signs the worker on, and goes on beating. Throws when one of the first two heartbeats fails. */
  async start(): Promise<void> {
    await this.#inTurn(() => this.#beat());
    // Two that sign on at the same moment do not see each other; in the second beat they do.
    await this.#inTurn(() => this.#beat());
    this.#timer = setTimeout(() => void this.#goOn(), SOON_MS);
  }

  /** Says whether this worker wants to be told of new work. */
  async setIdle(idle: boolean): Promise<void> {
    this.#idle = idle;
    await this.#inTurn(() => asServiceAtOnce(this.#options.db, [SET_IDLE, [this.#options.workerId, idle]]));
  }

  /** Signs the worker off. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#beating;
    await asServiceAtOnce(this.#options.db, [SIGN_OFF, [this.#options.workerId]]);
  }

  /** One at a time and in order: an older beat that commits later would bring back an older `is_idle`. */
  async #inTurn(tell: () => Promise<unknown>): Promise<void> {
    const told = this.#beating.then(tell);
    this.#beating = told.catch(() => undefined);
    await told;
  }

  /** Beats again and again, however long one takes. */
  async #goOn(): Promise<void> {
    const began = performance.now();
    let pause = BEAT_MS;
    try {
      await this.#inTurn(() => this.#beat());
      if (this.#isSharing()) pause = SOON_MS;
      await this.#inTurn(() => this.#forgetLeases());
      this.#loopLog.worked(FAILED);
    } catch (error) {
      this.#loopLog.failed(FAILED, error);
    }
    const left = Math.max(0, began + pause - performance.now());
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#goOn(), left);
  }

  /** Else they would stand in hookline.leases until they had ended, and be looked through by whoever looks there. */
  async #forgetLeases(): Promise<void> {
    const ended = this.#options.room.takeEnded();
    if (ended.length > 0) await asServiceAtOnce(this.#options.db, [FORGET_LEASES, [ended]]);
  }

  /** Whether the workers are sharing the caps out: there is something to tell, or others have something to tell yet. */
  #isSharing(): boolean {
    const { share } = this.#options;
    const isUnsettled = share.isNew || (share.isWanted && this.#areCapsCounted);
    this.#soonBeats = isUnsettled ? this.#soonBeats - 1 : SOON_BEATS;
    return isUnsettled && this.#soonBeats >= 0;
  }

  async #beat(): Promise<void> {
    const { db, clock, log, workerId, rollbacks, metrics, share } = this.#options;
    const asked = performance.now();
    const told = share.toTell;
    // First its own beat, so that a worker whose database was away for a while does not free what it holds itself.
    const [beats, frees] = await asServiceAtOnce<Beat & { freed: number }>(
      db,
      [
        BEAT,
        [
          workerId,
          this.#name,
          this.#idle,
          rollbacks.count,
          told?.perWebhook ?? null,
          told?.perUser ?? null,
          this.#secretKeys,
        ],
      ],
      [FREE_DEAD_LEASES, []],
    );
    this.#lastOk = asked;
    const beat = beats?.rows[0];
    if (beat !== undefined) {
      clock.set(beat.nowMs, asked);
      const { perWebhook, perUser, others, before } = beat;
      this.#hasCompany = others > 0;
      this.#areCapsCounted = beat.areCapsCounted;
      share.heard(told, { caps: { perWebhook, perUser }, others, before });
    }
    const freed = frees?.rows[0]?.freed ?? 0;
    if (freed === 0) return;
    metrics.leasesLost(freed);
    log.warn({ freed }, 'leases.freed: they had ended, or their worker stopped.');
  }
}
