import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RedisSettings } from '../../../config/redis-url.js';
import { Session } from './session.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export interface LinkOptions {
  readonly settings: RedisSettings;
  readonly log: Logger;
  /** Of the queue. */
  readonly name: string;
  /** Called when Redis has gone: what it held may be lost. */
  readonly onLost: () => void;
}

/** Keeps a session with Redis open: when one ends, another is opened. Says so once, however long it takes. */
export class RedisLink {
  readonly #options: LinkOptions;
  readonly #stopping = new AbortController();
  readonly #warned = new Set<string>();
  #session: Session | undefined;
  #isAway = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** What can be used now; undefined while Redis is away. */
  get session(): Session | undefined {
    return this.#session?.isOver === false ? this.#session : undefined;
  }

  /** Resolves when the first try to connect has come to its end, well or not. */
  async start(): Promise<void> {
    await this.#open();
    void this.#keep();
  }

  /** Waits for nothing that Redis has to say. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#session?.close();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      if (this.#session !== undefined) {
        const error = await this.#session.ended;
        this.#session = undefined;
        if (signal.aborted) return;
        this.#tell(error);
        this.#options.onLost();
        pause = FIRST_PAUSE_MS;
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      if (!signal.aborted) await this.#open();
    }
  }

  async #open(): Promise<void> {
    const { settings, name, log } = this.#options;
    try {
      const session = await Session.open(settings, name);
      if (this.#stopping.signal.aborted) return await session.close();
      for (const warning of session.warnings) this.#warn(warning);
      if (this.#isAway) log.info('redis.back');
      this.#isAway = false;
      this.#session = session;
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    if (this.#isAway || this.#stopping.signal.aborted) return;
    this.#isAway = true;
    // Not the error itself: that of a refused login carries the command, and with it the password.
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log.warn({ reason }, 'redis.away: deliveries come straight from PostgreSQL until it is back.');
  }

  #warn(warning: string): void {
    if (!this.#warned.has(warning)) this.#options.log.warn(warning);
    this.#warned.add(warning);
  }
}
