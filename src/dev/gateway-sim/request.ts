import type { Attempt } from './attempt.js';
import type { SimCallback } from './callback.js';
import type { Channel } from './channel.js';
import type { Envelope } from './envelope.js';
import { createLatch } from './latch.js';

/**
 * waiting ──2xx──▶ delivered ──callback in time──▶ called_back
 *    │                 └──────time is over───────▶ timed_out
 *    └──last attempt failed──▶ dead_lettered
 *
 * `delivered` is an end for a webhook that expects no callback here.
 */
export type RequestState = 'waiting' | 'delivered' | 'called_back' | 'timed_out' | 'dead_lettered';

/** One webhook that the gateway sends, with what became of it so far. */
export interface SimRequest {
  /** From 1, in the order of sending. */
  readonly number: number;
  readonly envelope: Envelope;
  /** The bytes that every attempt sends. */
  readonly body: Buffer;
  /** Whether it is done only when its callback is in. */
  readonly expectsCallback: boolean;
  readonly state: RequestState;
  readonly attempts: readonly Attempt[];
  /** Those that came for its channel. */
  readonly callbacks: readonly SimCallback[];
  /** Waits for the end of the first attempt. Undefined when the simulator is closed before. */
  firstAttempt(): Promise<Attempt | undefined>;
  /** Waits until nothing more can become of it, or the simulator is closed; gives the state. */
  settled(): Promise<RequestState>;
}

/** The request as the simulator itself changes it. */
export class LiveRequest implements SimRequest {
  state: RequestState = 'waiting';
  readonly attempts: Attempt[] = [];
  readonly #first = createLatch();
  readonly #end = createLatch();

  constructor(
    readonly number: number,
    readonly envelope: Envelope,
    readonly body: Buffer,
    /** Of its callback URL, where that is one of this simulator's. */
    readonly channel: Channel | undefined,
  ) {}

  /** Of another type, a receiver only acknowledges it; elsewhere, its callback is not seen. */
  get expectsCallback(): boolean {
    const { type, callbackRequired } = this.envelope;
    return this.channel !== undefined && type === 'task.ai_generated' && callbackRequired;
  }

  get callbacks(): readonly SimCallback[] {
    return this.channel?.callbacks ?? [];
  }

  attempted(attempt: Attempt): void {
    this.attempts.push(attempt);
    this.#first.open();
  }

  /** Takes the state for its last. */
  end(state: RequestState): void {
    this.state = state;
    this.abandon();
  }

  /** Lets go of whoever waits. */
  abandon(): void {
    this.#first.open();
    this.#end.open();
  }

  async firstAttempt(): Promise<Attempt | undefined> {
    await this.#first.opened;
    return this.attempts[0];
  }

  async settled(): Promise<RequestState> {
    await this.#end.opened;
    return this.state;
  }
}
