import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';
import { type LoopLog, loopLogOf } from '../observe/outage.js';
import { type ChangeFilter, type LiveItem, passes, type Whose } from './change.js';
import { Channel } from './channel.js';
import { forget, type Look, look, watch } from './store.js';
import { WakeUp } from './wake-up.js';

const NOTIFY_CHANNEL = 'hookline_changes';
/** NOTIFY is a hint; this is how late a change is told when it is lost. */
const POLL_MS = 1_000;
/** Changes that come one upon another are told together. */
const GATHER_MS = 20;
const RENEW_MS = 20_000;
const FORGET_MS = 60_000;
const AFTER_ERROR_MS = 2_000;
/** How long a new stream waits for transactions that began before it. */
const SETTLE_MS = 1_000;
const SETTLE_POLL_MS = 25;
const MOST_STREAMS_OF_A_USER = 100;
const READ_FAILED = 'stream.read_failed';
const LISTEN_FAILED = 'stream.listen_failed';
const LOOK_FAILED = 'stream.look_failed';
const IDLE_MS = 15_000;

export interface FeedOptions {
  readonly db: Database;
  readonly log: Logger;
  /** After how long without a change `idle` is yielded. Default 15 s. */
  readonly idleMs?: number;
}

export interface FollowOptions {
  /** The position after which to go on; absent: from now on. */
  readonly after?: number | undefined;
  readonly filter?: ChangeFilter;
  /** Ends the stream. It has to be aborted at some time, also when nobody reads any more. */
  readonly signal: AbortSignal;
}

/** The changes of deliveries, for any number of streams: one listener, one look for all, and a page for those of a user who stand at the same place. */
export class Feed {
  readonly #db: Database;
  readonly #loopLog: LoopLog;
  readonly #idleMs: number;
  readonly #channels = new Map<string, Channel>();
  readonly #woken = new WakeUp();
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #listening: Promise<(() => Promise<void>) | undefined> | undefined;
  #last = 0;

  constructor({ db, log, idleMs = IDLE_MS }: FeedOptions) {
    this.#db = db;
    this.#loopLog = loopLogOf(db, log);
    this.#idleMs = idleMs;
  }

  /**
   * Opens a stream. Nothing is read ahead of whoever consumes it. Throws `too_many_streams` (429) when the user has a hundred in this process, `shutting_down`, and what the
   * database throws.
   */
  async follow(whose: Whose, { after, filter = {}, signal }: FollowOptions): Promise<AsyncGenerator<LiveItem, void>> {
    if (this.#closing.signal.aborted) throw new HooklineError('shutting_down');
    const channel = this.#join(whose, signal);
    await channel.ready;
    // It may have been told by another process, which is ahead.
    if (after !== undefined && after > channel.last) await this.#lookNow();
    return this.#items(channel, after, filter, AbortSignal.any([signal, this.#closing.signal]));
  }

  /** Begins to remove what is too old to be told, also what an earlier process left. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends every stream. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#woken.wake();
    await this.#running;
  }

  async *#items(
    channel: Channel,
    after: number | undefined,
    filter: ChangeFilter,
    signal: AbortSignal,
  ): AsyncGenerator<LiveItem, void> {
    let at = after ?? channel.last;
    let gaps = channel.gaps;
    let idleAt = performance.now() + this.#idleMs;
    if (at > channel.last || at < channel.lostUpTo) {
      at = channel.last;
      yield { what: 'gap', position: at };
    }
    yield { what: 'open', position: at };
    while (!signal.aborted) {
      if (at < channel.lostUpTo || gaps < channel.gaps) {
        if (at < channel.lostUpTo) at = channel.last;
        gaps = channel.gaps;
        yield { what: 'gap', position: at };
      } else if (at < channel.last) {
        const { upTo, changes } = await this.#read(channel, at, signal);
        at = upTo;
        const shown = changes.filter((change) => passes(change, filter));
        if (shown.length === 0) continue;
        yield { what: 'changes', position: at, changes: shown };
      } else if (performance.now() < idleAt) {
        await channel.changed.next(idleAt - performance.now(), signal);
        continue;
      } else {
        yield { what: 'idle', position: at };
      }
      idleAt = performance.now() + this.#idleMs;
    }
  }

  /** A database that is away does not end the stream. */
  async #read(channel: Channel, at: number, signal: AbortSignal): ReturnType<Channel['after']> {
    try {
      const read = await channel.after(at);
      this.#loopLog.worked(READ_FAILED);
      return read;
    } catch (error) {
      this.#loopLog.failed(READ_FAILED, toHooklineError(error));
      await channel.changed.next(AFTER_ERROR_MS, signal);
      return { upTo: at, changes: [] };
    }
  }

  #join(whose: Whose, signal: AbortSignal): Channel {
    const key = `${whose.as} ${whose.userId}`;
    const channel = this.#channels.get(key) ?? new Channel(this.#db, whose);
    if (whose.as === 'user' && channel.streams >= MOST_STREAMS_OF_A_USER) throw new HooklineError('too_many_streams');
    const drop = (): void => {
      if (this.#channels.get(key) === channel) this.#channels.delete(key);
    };
    if (channel.streams === 0) {
      this.#channels.set(key, channel);
      channel.ready = this.#begin(channel);
      channel.ready.catch(drop);
    }
    channel.streams += 1;
    const leave = (): void => {
      channel.streams -= 1;
      if (channel.streams === 0) drop();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return channel;
  }

  async #begin(channel: Channel): Promise<void> {
    this.start();
    this.#listening ??= this.#listen();
    for (const endsAt = performance.now() + SETTLE_MS; ; await sleep(SETTLE_POLL_MS)) {
      const [watched] = await watch(this.#db, [channel.watchedId]);
      if (watched === undefined) throw new HooklineError('internal_error');
      channel.isSettled = watched.isSettled;
      channel.watched(watched);
      if (watched.isSettled || performance.now() > endsAt) break;
    }
    channel.looked(await this.#lookNow(), true);
    this.#woken.wake();
  }

  async #listen(): Promise<(() => Promise<void>) | undefined> {
    try {
      const stop = await this.#db.listen(NOTIFY_CHANNEL, () => this.#woken.wake());
      this.#loopLog.worked(LISTEN_FAILED);
      return stop;
    } catch (error) {
      this.#loopLog.failed(LISTEN_FAILED, toHooklineError(error));
      this.#listening = undefined;
      return undefined;
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let renewAt = 0;
    let forgetAt = performance.now() + Math.random() * FORGET_MS;
    let isLeft = true;
    while (!signal.aborted) {
      const woken = this.#woken.times;
      const isFollowed = this.#channels.size > 0;
      let pauseMs = isFollowed ? POLL_MS : FORGET_MS;
      try {
        if (isFollowed) await this.#lookNow();
        if (isFollowed) this.#loopLog.worked(LOOK_FAILED);
        if (isFollowed && (this.#isUnsettled() || performance.now() >= renewAt)) {
          this.#listening ??= this.#listen();
          await this.#renew();
          renewAt = performance.now() + RENEW_MS;
        }
        if ((isFollowed || isLeft) && performance.now() >= forgetAt) {
          isLeft = (await forget(this.#db)) || isFollowed;
          forgetAt = performance.now() + FORGET_MS;
        }
      } catch (error) {
        this.#loopLog.failed(LOOK_FAILED, toHooklineError(error));
        pauseMs = AFTER_ERROR_MS;
      }
      if (this.#woken.times === woken) await this.#woken.next(pauseMs, signal);
      await sleep(GATHER_MS);
    }
    await (await this.#listening)?.();
  }

  async #lookNow(): Promise<Look> {
    const looked = await look(this.#db, this.#last);
    this.#last = Math.max(this.#last, looked.last);
    for (const channel of this.#channels.values()) channel.looked(looked);
    return looked;
  }

  #isUnsettled(): boolean {
    return [...this.#channels.values()].some((channel) => !channel.isSettled);
  }

  /** Keeps the users watched; one whose mark had ended meanwhile has a gap. */
  async #renew(): Promise<void> {
    const channels = [...this.#channels.values()];
    const watched = await watch(this.#db, [...new Set(channels.map((channel) => channel.watchedId))]);
    for (const channel of channels) {
      const own = watched.find(({ userId }) => userId === channel.watchedId);
      if (own !== undefined) channel.watched(own);
    }
  }
}
