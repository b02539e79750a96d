import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Queue, Worker } from 'bullmq';
import type { RedisSettings } from '../../../config/redis-url.js';
import type { Chunk } from './chunk.js';
import { connectRedis, type RedisClient } from './connect.js';

/** A hash tag: all keys of the queue are in one slot of a cluster. */
const PREFIX = '{hookline}';
/** How long a fetch waits for a job, in seconds: well below the time-out of a command. */
const BLOCK_SECONDS = 1;
const READY_MS = 5_000;
const JOB = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

/**
 * BullMQ over one connection to Redis, until that breaks or a command fails: then `ended` resolves with the error, and all that is asked of it comes to
 * nothing, in both cases at once. Nothing here throws but `open`.
 */
export class Session {
  readonly warnings: readonly string[];
  /** Resolves when this session can be used no more, with what went wrong. */
  readonly ended: Promise<Error>;
  readonly #client: RedisClient;
  readonly #queue: Queue<Chunk>;
  readonly #worker: Worker<Chunk>;
  readonly #token = randomUUID();
  #end: (error: Error) => void = () => undefined;
  #isOver = false;

  private constructor(client: RedisClient, name: string, warnings: readonly string[]) {
    this.warnings = warnings;
    this.#client = client;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const options = { connection: client, prefix: PREFIX, skipVersionCheck: true };
    this.#queue = new Queue(name, { ...options, defaultJobOptions: JOB, streams: { events: { maxLen: 100 } } });
    this.#worker = new Worker(name, null, {
      ...options,
      autorun: false,
      drainDelay: BLOCK_SECONDS,
      lockDuration: 10_000,
    });
    this.#queue.on('error', (error) => void this.#fail(error));
    this.#worker.on('error', (error) => void this.#fail(error));
    client.on('end', () => void this.#fail(new Error('the connection to Redis has ended')));
  }

  /** Connects, and proves that Redis takes writes. `name` is that of the queue. Throws what Redis, or the way to it, says. */
  static async open(settings: RedisSettings, name: string): Promise<Session> {
    const { client, warnings } = await connectRedis(settings);
    const session = new Session(client, name, warnings);
    try {
      await Promise.race([session.#worker.waitUntilReady(), session.#unlessReady()]);
      // A replica, or one that is full, is found out here instead of at each chunk.
      await client.set(`${PREFIX}:${name}:seen`, Date.now(), 'EX', 60);
      await session.#worker.startStalledCheckTimer();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Adds a job for each chunk. */
  async add(chunks: readonly Chunk[]): Promise<void> {
    const jobs = chunks.map((data, index) => ({ name: 'deliver', data, opts: { jobId: `${data.leaseId}.${index}` } }));
    await this.#guard(() => this.#queue.addBulk(jobs));
  }

  /** Takes the next chunk, if there is one. */
  async take(): Promise<Taken | undefined> {
    return this.#fetch(false);
  }

  /** Takes the next chunk; waits for a second when there is none. */
  async waitForChunk(): Promise<Taken | undefined> {
    return this.#fetch(true);
  }

  /** How many jobs wait. */
  async waiting(): Promise<number> {
    return (await this.#guard(() => this.#queue.getWaitingCount())) ?? 0;
  }

  /** The leases of the jobs that wait; undefined when Redis does not say. */
  async waitingLeases(): Promise<ReadonlySet<string> | undefined> {
    const ids = await this.#guard(() => this.#queue.getRanges(['wait']));
    return ids && new Set(ids.map((id) => id.split('.', 1)[0] ?? ''));
  }

  /** Ends it at once, without waiting for Redis. */
  async close(): Promise<void> {
    await this.#fail(new Error('closed'));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Throws when the session is over, or a while has passed. */
  async #unlessReady(): Promise<never> {
    throw await Promise.race([this.ended, sleep(READY_MS, new Error('Redis did not answer in time'), { ref: false })]);
  }

  async #fetch(block: boolean): Promise<Taken | undefined> {
    const job = await this.#guard(() => this.#worker.getNextJob(this.#token, { block }));
    // A job whose end Redis does not hear of is given out again, and takes nothing.
    return job && { ...job.data, done: () => void end(job, this.#token) };
  }

  async #guard<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.#isOver) return undefined;
    try {
      return await ask();
    } catch (error) {
      await this.#fail(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  async #fail(error: Error): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#end(error);
    await Promise.allSettled([this.#worker.close(true), this.#queue.close()]);
    this.#client.disconnect();
  }
}

export interface Taken extends Chunk {
  /** Tells Redis that the deliveries were taken over. */
  done(): void;
}

async function end(job: Job, token: string): Promise<void> {
  await job.moveToCompleted(null, token, false).catch(() => undefined);
}
