import type { Caps, Lanes } from './lanes.js';

/** With less of a cap for each worker too much of it would lie idle, or all: then the database counts, for each claim, what all have in flight. */
const LEAST = 2;

/** What a heartbeat tells of the others and of the settings. */
export interface Company {
  readonly caps: Caps;
  /** How many other workers there are, and how many of them stand before this one. */
  readonly others: number;
  readonly before: number;
}

/**
 * This worker's share of the caps. While each worker keeps to a share, and tells the database which (hookline.caps_are_counted), all may claim ahead of what
 * they send; else a leased row counts until its result is recorded, and neither claiming nor recording goes on beside the calls.
 *
 * A narrower share is kept before it is told, a wider one is told before it is used, and one that is given up is kept until the database knows it.
 */
export class Share {
  readonly #lanes: Pick<Lanes, 'caps' | 'isWithin'>;
  readonly #onGivenUp: () => void;
  /** What the database knows. */
  #told: Caps | undefined;
  #wanted: Caps | undefined;
  #kept: Caps | undefined;
  #givenUp = 0;

  /**
   * `onGivenUp` is called when this worker stops keeping to a share: what waits was claimed ahead, and has to be given back. So has what a claim brings that was
   * under way then, as `givenUp` tells.
   */
  constructor(lanes: Pick<Lanes, 'caps' | 'isWithin'>, onGivenUp: () => void) {
    this.#lanes = lanes;
    this.#onGivenUp = onGivenUp;
  }

  /** How often this worker has stopped keeping to a share. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** What the next heartbeat has to tell. */
  get toTell(): Caps | undefined {
    if (this.#wanted === undefined || this.#lanes.isWithin(this.#wanted)) return this.#wanted;
    return this.#told;
  }

  /** Whether there is enough of the caps for all to share. */
  get isWanted(): boolean {
    return this.#wanted !== undefined;
  }

  /** Whether there is something to tell that the database does not know. */
  get isNew(): boolean {
    return !isSame(this.toTell, this.#told);
  }

  /** A heartbeat told the database of the share `told`, and gave this. */
  heard(told: Caps | undefined, { caps, others, before }: Company): void {
    this.#wanted = shareOf(caps, others + 1, before);
    // Where there is nothing to share any more, what was told last may be wider than what was kept.
    const most = this.#wanted ?? this.#kept;
    const kept = told && most ? lesser(told, most) : (told ?? this.#wanted);
    if (this.#kept !== undefined && kept === undefined) {
      this.#givenUp += 1;
      this.#onGivenUp();
    }
    this.#told = told;
    this.#kept = kept;
    this.#lanes.caps = kept === undefined ? caps : lesser(kept, caps);
  }
}

/** The share of one of so many workers, `before` of which stand before it: together they are the caps. Undefined where there is too little to share. */
function shareOf({ perWebhook, perUser }: Caps, workers: number, before: number): Caps | undefined {
  if (workers > 1 && Math.min(perWebhook, perUser) < LEAST * workers) return undefined;
  const part = (cap: number) => Math.floor(cap / workers) + (before < cap % workers ? 1 : 0);
  return { perWebhook: part(perWebhook), perUser: part(perUser) };
}

function lesser(one: Caps, other: Caps): Caps {
  return { perWebhook: Math.min(one.perWebhook, other.perWebhook), perUser: Math.min(one.perUser, other.perUser) };
}

function isSame(one: Caps | undefined, other: Caps | undefined): boolean {
  return one?.perWebhook === other?.perWebhook && one?.perUser === other?.perUser;
}
