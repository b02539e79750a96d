import type { Claimed } from './stages.js';

/** Calls in flight at most (hookline.settings; DESIGN, decision 7). */
export interface Caps {
  readonly perWebhook: number;
  readonly perUser: number;
}

/** Those of the settings unless the operator changes them. */
export const DEFAULT_CAPS: Caps = { perWebhook: 16, perUser: 64 };

/** A row that has waited this long is given back: its endpoint is slow, and others need the room. */
const LONGEST_WAIT_MS = 2_000;
/** Who is at the cap and has seen no call end for this long is slow: more rows would only wait. */
export const STALLED_MS = 500;

/** What is under way for one webhook, or for one user over all their webhooks. */
interface Load {
  inFlight: number;
  waiting: number;
  /** When a call last ended, or the first row came. */
  movedAt: number;
  hasEnough: boolean;
}

interface Lane extends Load {
  readonly webhookId: string;
  /** Whether the webhook was stopped while calls of it were under way. */
  isStopped: boolean;
  readonly user: UserLoad;
  readonly rows: { delivery: Claimed; since: number }[];
}

interface UserLoad extends Load {
  readonly userId: string;
  readonly lanes: Set<Lane>;
}

/**
 * With so many times its cap waiting no more rows are claimed for a webhook or user, until only a few are left: without the gap between the two a slow
 * endpoint would have rows claimed for it after each of its calls, most of which are given back.
 */
export const ENOUGH_CAPS = 8;
export const FEW_CAPS = 5;

/**
 * The claimed deliveries in memory, one lane a webhook, so that a slow endpoint holds up only its own. `start` is called when a delivery's turn
 * has come: at most `concurrency` at a time in all, and what `caps` allow a webhook and a user. Lanes take turns.
 */
export class Lanes {
  #concurrency: number;
  readonly #start: (delivery: Claimed) => void;
  #caps: Caps;
  readonly #lanes = new Map<string, Lane>();
  readonly #users = new Map<string, UserLoad>();
  /** Lanes whose next row may begin, in the order of their turns. */
  readonly #ready = new Set<Lane>();
  #inFlight = 0;
  #waiting = 0;
  #filling = false;

  constructor(concurrency: number, caps: Caps, start: (delivery: Claimed) => void) {
    this.#concurrency = concurrency;
    this.#caps = caps;
    this.#start = start;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** As many calls at a time from now on; those in flight beyond it go on. */
  set concurrency(concurrency: number) {
    this.#concurrency = concurrency;
    this.#fill();
  }

  get caps(): Caps {
    return this.#caps;
  }

  /** Other caps from now on; calls in flight beyond them go on. */
  set caps(caps: Caps) {
    this.#caps = caps;
    for (const lane of this.#lanes.values()) this.#judge(lane);
    this.#fill();
  }

  /** Whether no webhook and no user has more calls in flight than these. */
  isWithin({ perWebhook, perUser }: Caps): boolean {
    const isIn = (loads: Iterable<Load>, cap: number) => [...loads].every(({ inFlight }) => inFlight <= cap);
    return isIn(this.#lanes.values(), perWebhook) && isIn(this.#users.values(), perUser);
  }

  add(deliveries: readonly Claimed[]): void {
    const since = performance.now();
    for (const delivery of deliveries) {
      const lane = this.#lane(delivery);
      lane.rows.push({ delivery, since });
      this.#change(lane, 'waiting', 1);
    }
    this.#fill();
  }

  /** A call has ended: its place is free. */
  done(delivery: Claimed): void {
    const lane = this.#lane(delivery);
    lane.movedAt = performance.now();
    lane.user.movedAt = lane.movedAt;
    this.#change(lane, 'inFlight', -1);
    // The user has a place again, which may be another webhook's turn.
    if (lane.user.inFlight === this.#caps.perUser - 1) for (const other of lane.user.lanes) this.#judge(other);
    this.#fill();
  }

  /** Webhooks and users that need no more rows now: enough wait, or they are at their cap and slow. */
  full(): { webhooks: string[]; users: string[] } {
    const lanes = [...this.#lanes.values()].filter((lane) => lane.isStopped || isFull(lane, this.#caps.perWebhook));
    const users = [...this.#users.values()].filter((user) => isFull(user, this.#caps.perUser));
    return { webhooks: lanes.map(({ webhookId }) => webhookId), users: users.map(({ userId }) => userId) };
  }

  isFull({ webhookId, userId }: Pick<Claimed, 'webhookId' | 'userId'>): boolean {
    const [lane, user] = [this.#lanes.get(webhookId), this.#users.get(userId)];
    return lane?.isStopped === true || isFull(lane, this.#caps.perWebhook) || isFull(user, this.#caps.perUser);
  }

  /** Takes out what has waited too long. */
  takeStale(): Claimed[] {
    const before = performance.now() - LONGEST_WAIT_MS;
    return this.#takeFrom(0, ({ rows }) => {
      const kept = rows.findIndex(({ since }) => since > before);
      return kept === -1 ? rows.length : kept;
    });
  }

  /** Takes out all that has not begun. */
  takeAll(): Claimed[] {
    return this.#takeFrom(0, ({ rows }) => rows.length);
  }

  /**
   * Takes out what has not begun of a webhook that was stopped. It is full until its calls under way have ended: the probe of its breaker goes alone, and
   * leases need not count in the database.
   */
  stop(webhookId: string): Claimed[] {
    const lane = this.#lanes.get(webhookId);
    if (lane === undefined) return [];
    lane.isStopped = true;
    return this.#cut(lane, 0, lane.rows.length);
  }

  /** Takes out what waits beyond a webhook's next round of calls. */
  takeSurplus(): Claimed[] {
    return this.#takeFrom(this.#caps.perWebhook, ({ rows }) => rows.length);
  }

  #takeFrom(from: number, to: (lane: Lane) => number): Claimed[] {
    return [...this.#lanes.values()].flatMap((lane) => this.#cut(lane, from, to(lane)));
  }

  #cut(lane: Lane, from: number, to: number): Claimed[] {
    const taken = lane.rows.splice(from, Math.max(0, to - from)).map(({ delivery }) => delivery);
    if (taken.length > 0) this.#change(lane, 'waiting', -taken.length);
    return taken;
  }

  /** `start` may call `done` or `add` at once: the loop that runs goes on with what that made ready, instead of nesting a call for each row. */
  #fill(): void {
    if (this.#filling) return;
    this.#filling = true;
    while (this.#inFlight < this.#concurrency) {
      const [lane] = this.#ready;
      const next = lane?.rows.shift();
      if (lane === undefined || next === undefined) break;
      // To the end: whoever had a turn waits for all the others.
      this.#ready.delete(lane);
      this.#change(lane, 'inFlight', 1);
      this.#change(lane, 'waiting', -1);
      if (lane.user.inFlight >= this.#caps.perUser) for (const other of lane.user.lanes) this.#judge(other);
      this.#start(next.delivery);
    }
    this.#filling = false;
  }

  #change(lane: Lane, what: 'inFlight' | 'waiting', by: number): void {
    lane[what] += by;
    lane.user[what] += by;
    if (what === 'inFlight') this.#inFlight += by;
    else this.#waiting += by;
    noteEnough(lane, this.#caps.perWebhook);
    noteEnough(lane.user, this.#caps.perUser);
    this.#judge(lane);
  }

  /** Keeps `#ready`, and forgets a lane in which nothing is left. */
  #judge(lane: Lane): void {
    const mayBegin = lane.inFlight < this.#caps.perWebhook && lane.user.inFlight < this.#caps.perUser;
    if (lane.rows.length > 0 && mayBegin) this.#ready.add(lane);
    else this.#ready.delete(lane);
    if (lane.inFlight > 0 || lane.waiting > 0) return;
    this.#lanes.delete(lane.webhookId);
    lane.user.lanes.delete(lane);
    if (lane.user.lanes.size === 0) this.#users.delete(lane.user.userId);
  }

  #lane({ webhookId, userId }: Claimed): Lane {
    const known = this.#lanes.get(webhookId);
    if (known !== undefined) return known;
    const load = { inFlight: 0, waiting: 0, movedAt: performance.now(), hasEnough: false };
    const user = this.#users.get(userId) ?? { ...load, userId, lanes: new Set() };
    const lane: Lane = { ...load, webhookId, user, rows: [], isStopped: false };
    user.lanes.add(lane);
    this.#users.set(userId, user);
    this.#lanes.set(webhookId, lane);
    return lane;
  }
}

function noteEnough(load: Load, cap: number): void {
  if (load.waiting >= ENOUGH_CAPS * cap) load.hasEnough = true;
  else if (load.waiting <= FEW_CAPS * cap) load.hasEnough = false;
}

function isFull(load: Load | undefined, cap: number): boolean {
  if (load === undefined) return false;
  return load.hasEnough || (load.inFlight >= cap && performance.now() - load.movedAt > STALLED_MS);
}
