import type { Logger } from 'pino';
import { parseRedisUrl } from '../../../config/redis-url.js';
import type { Database } from '../../../db/database.js';
import { asServiceAtOnce } from '../../../db/roles.js';
import { loadSql } from '../../../db/sql-file.js';
import { type LoopLog, loopLogOf } from '../../../observe/outage.js';
import { type ClaimBounds, type Lease, lease, readLeased } from '../../claim/claim.js';
import { giveBack, orGiveBack } from '../../claim/give-back.js';
import { WebhookSecrets } from '../../claim/secrets.js';
import type { DatabaseClock } from '../../database-clock.js';
import type { Claimed } from '../../stages.js';
import { PostgresQueue } from '../postgres.js';
import type { DeliveryQueue } from '../queue.js';
import { CHUNK, deal, KEPT } from './chunk.js';
import { HandedOver } from './handed-over.js';
import { RedisLink } from './link.js';
import type { Session, Taken } from './session.js';
import { takeOver } from './take-over.js';

const QUEUE_NAME = loadSql(import.meta.url, './queue-name.sql');

/** With so many jobs waiting nobody hands more over: a chunk waits for seconds at most, however many workers are busy. */
const ENOUGH_WAITING = 3;
/** A large payload is read by whoever gets the chunk: a bound on what it may come to. */
const MOST_BYTES = 16 * 1024 * 1024;
const SWEEP_MS = 2_000;
const NOT_FREED = 'redis.deliveries_not_freed';

export interface BullmqOptions {
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly log: Logger;
  readonly workerId: string;
  readonly redisUrl: string;
  readonly secrets?: WebhookSecrets;
}

/**
 * Many machines: whoever looks for work leases it in PostgreSQL and hands it over in chunks, as jobs of BullMQ, which any worker takes.
 *
 *   ready ──lease──▶ handed over ──take_over──▶ the taker's, as after any claim of its own
 *     ▲                   │
 *     └──── free_leases ──┘ Redis lost the job, or is away, or this worker stops
 *
 * While Redis is away, deliveries are claimed as without it.
 */
export class BullmqQueue implements DeliveryQueue {
  readonly #options: BullmqOptions & { readonly secrets: WebhookSecrets };
  readonly #loopLog: LoopLog;
  /** What wakes this worker, and where deliveries come from while Redis is away. */
  readonly #postgres: PostgresQueue;
  readonly #handedOver: HandedOver;
  #link: RedisLink | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  /** The hand-over under way. */
  #handing: Promise<void> | undefined;
  /** Leased for this worker itself, with the time that the lease was asked for. */
  readonly #kept: { readonly asked: number; readonly leases: readonly Lease[] }[] = [];
  /** What a wait has fetched, and the fetch under way. */
  readonly #fetched: Taken[] = [];
  #fetching: Promise<void> | undefined;
  #isWaiting = false;
  #isStopping = false;

  constructor(options: BullmqOptions) {
    const { db, clock, log, workerId, secrets = new WebhookSecrets() } = options;
    this.#options = { ...options, secrets };
    this.#loopLog = loopLogOf(db, log);
    this.#postgres = new PostgresQueue(db, clock, workerId, secrets);
    this.#handedOver = new HandedOver(db, log);
  }

  async start(): Promise<void> {
    const { db, log, redisUrl } = this.#options;
    const [named] = await asServiceAtOnce<{ name: string }>(db, [QUEUE_NAME, []]);
    this.#link = new RedisLink({
      settings: parseRedisUrl(redisUrl),
      log,
      name: named?.rows[0]?.name ?? 'deliveries',
      onLost: () => void this.#sweep(),
    });
    await this.#postgres.start();
    await this.#link.start();
    this.#sweeping = setInterval(() => void this.#sweep(), SWEEP_MS);
  }

  async claim(bounds: ClaimBounds): Promise<Claimed[]> {
    const session = this.#link?.session;
    if (session === undefined && this.#kept.length === 0) return this.#postgres.claim(bounds);
    return this.#postgres.looking(async () => {
      let chunks = await this.#take(session, bounds);
      if (chunks.length > 0 || this.#kept.length > 0) {
        // Beside the work on these, so that the next claim finds some. When it fails, so does the next, which waits for it.
        this.#handOver(session, bounds).catch(() => undefined);
      } else {
        // One that began earlier may not have seen what this claim was woken for.
        await this.#handing;
        await this.#handOver(session, bounds);
        chunks = await this.#take(session, bounds);
      }
      const taken = await takeOver(this.#options, chunks, bounds);
      return orGiveBack(this.#options.db, taken, async () => [...taken, ...(await this.#readKept())]);
    });
  }

  async wait(): Promise<void> {
    this.#isWaiting = true;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    try {
      await this.#postgres.wait();
    } finally {
      this.#isWaiting = false;
    }
  }

  pause(ms: number): Promise<void> {
    return this.#postgres.pause(ms);
  }

  wake(): void {
    this.#postgres.wake();
  }

  freed(): void {
    this.#postgres.freed();
  }

  async stop(): Promise<void> {
    const { db, log } = this.#options;
    this.#isStopping = true;
    clearInterval(this.#sweeping);
    await this.#postgres.stop();
    await this.#handing?.catch(() => undefined);
    await this.#link?.stop();
    await this.#fetching;
    const kept = this.#kept.splice(0).flatMap(({ leases }) => leases);
    const fetched = this.#fetched.splice(0);
    const unused = fetched.flatMap(({ deliveries, leaseId }) =>
      deliveries.map((deliveryId) => ({ deliveryId, leaseId })),
    );
    await Promise.all([giveBack(db, [...kept, ...unused]), this.#handedOver.freeAll()]).catch((error) =>
      log.warn({ err: error }, 'redis.deliveries_not_given_back: their leases end by themselves.'),
    );
  }

  /** As many chunks as fit, what a wait has fetched first. */
  async #take(session: Session | undefined, { deliveries }: ClaimBounds): Promise<Taken[]> {
    const chunks = this.#fetched.splice(0);
    let room = deliveries - chunks.reduce((sum, chunk) => sum + chunk.deliveries.length, 0);
    while (chunks.length === 0 || room >= CHUNK) {
      const chunk = await session?.take();
      if (chunk === undefined) break;
      chunks.push(chunk);
      room -= chunk.deliveries.length;
    }
    return chunks;
  }

  /** Leases what is ready and hands it over, or keeps it; one at a time. */
  #handOver(session: Session | undefined, bounds: ClaimBounds): Promise<void> {
    this.#handing ??= this.#leaseAndAdd(session, bounds).finally(() => {
      this.#handing = undefined;
    });
    return this.#handing;
  }

  async #leaseAndAdd(session: Session | undefined, bounds: ClaimBounds): Promise<void> {
    if (session === undefined || this.#isStopping || (await session.waiting()) >= ENOUGH_WAITING) return;
    const { db, workerId } = this.#options;
    const asked = performance.now();
    const leases = await lease(db, workerId, { ...bounds, bytes: Math.min(bounds.bytes, MOST_BYTES) });
    const [first] = leases;
    if (first === undefined) return;
    if (leases.length <= KEPT) {
      this.#kept.push({ asked, leases });
      return;
    }
    this.#handedOver.note(first.leaseId);
    await session.add(deal(first.leaseId, leases));
    if (session.isOver) await this.#sweep();
  }

  async #readKept(): Promise<Claimed[]> {
    const { db, clock, secrets } = this.#options;
    const kept = this.#kept.splice(0);
    // Leases are counted from the earliest.
    const asked = Math.min(...kept.map((one) => one.asked));
    return readLeased(
      db,
      clock,
      asked,
      kept.flatMap(({ leases }) => leases),
      secrets,
    );
  }

  /** While this worker waits, the next job wakes it. */
  async #fetch(): Promise<void> {
    const session = this.#link?.session;
    while (session?.isOver === false && this.#isWaiting && !this.#isStopping) {
      const chunk = await session.waitForChunk();
      if (chunk === undefined) continue;
      this.#fetched.push(chunk);
      this.wake();
      return;
    }
  }

  async #sweep(): Promise<void> {
    try {
      if ((await this.#freeLost(this.#link?.session)) > 0) this.wake();
      this.#loopLog.worked(NOT_FREED);
    } catch (error) {
      this.#loopLog.failed(NOT_FREED, error);
    }
  }

  async #freeLost(session: Session | undefined): Promise<number> {
    if (session !== undefined && !this.#handedOver.isDue) return 0;
    const waiting = await session?.waitingLeases();
    return waiting === undefined ? this.#handedOver.freeAll() : this.#handedOver.sweep(waiting);
  }
}
