import { setTimeout as sleep } from 'node:timers/promises';
import type { LoopLog } from '../observe/outage.js';
import type { RollbackCounter } from '../observe/rollbacks.js';
import { Progress } from './claim/progress.js';
import type { WebhookSecrets } from './claim/secrets.js';
import type { Heartbeat } from './heartbeat.js';
import type { Lanes } from './lanes.js';
import type { DeliveryQueue } from './queue/queue.js';
import type { Room } from './room.js';
import type { Share } from './share.js';
import type { Claimed } from './stages.js';
import type { StoppedWebhooks } from './stopped-webhooks.js';
import { traceClaim } from './trace.js';

const CLAIM_BATCH = 500;
/** Rows of one webhook in a claim: a backlog of one leaves the rest of the batch to others. So many times its cap, so that other workers find some, too. */
const CLAIM_PER_WEBHOOK = 64;
const CLAIM_CAPS = 2;
const LEAST_CLAIM_BYTES = 1024 * 1024;
/** A claim costs as much for one row as for twenty: after one of fewer than this, the next rows gather for a moment. */
const SMALL_CLAIM = 100;
const GATHER_MS = 5;
/** With so many rows waiting there is work for longer than that. */
const ENOUGH_TO_DO = 500;
const LONG_GATHER_MS = 20;
/** Rows claimed within this time that make a worker busy: it looks again by itself, and asks for no NOTIFY. So do ten claims, however small. */
const BUSY_ROWS = 100;
const BUSY_MS = 500;
const LEAST_ROWS = 10;
const ERROR_PAUSE_MS = 1_000;
const FAILED = 'claiming.failed';

export interface ClaimLoopOptions {
  readonly loopLog: LoopLog;
  readonly queue: DeliveryQueue;
  readonly lanes: Lanes;
  readonly room: Room;
  readonly share: Pick<Share, 'givenUp'>;
  readonly heartbeat: Heartbeat;
  readonly stopped: StoppedWebhooks;
  readonly secrets: Pick<WebhookSecrets, 'held'>;
  readonly rollbacks: RollbackCounter;
  /** Gives rows back that were claimed and not begun. */
  readonly release: (deliveries: readonly Claimed[]) => Promise<void>;
}

/** Claims deliveries for as long as there is room for them, and puts them into the lanes. */
export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  readonly #progress = new Progress();
  /** Webhooks and users that the latest claim left out: when one of them has room again, it is worth looking at once. */
  #passedOver: ReadonlySet<string> = new Set();
  /** The latest claims that found something, the oldest first. */
  #found: { readonly at: number; readonly rows: number }[] = [];
  #stopping = false;
  #looping: Promise<void> = Promise.resolve();

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looping = this.#loop();
  }

  /** Ends after the claim that is under way. */
  async stop(): Promise<void> {
    const { queue, room } = this.#options;
    this.#stopping = true;
    room.wake();
    await queue.stop();
    await this.#looping;
  }

  /** A call has ended. */
  ended(delivery: Claimed): void {
    const { lanes, queue } = this.#options;
    const wasPassedOver = this.#passedOver.has(delivery.webhookId) || this.#passedOver.has(delivery.userId);
    if (wasPassedOver && !lanes.isFull(delivery)) queue.wake();
  }

  /** Rows of a webhook were given back: they stand before the position up to which it was claimed. */
  forget(webhookId: string): void {
    this.#progress.forget(webhookId);
  }

  async #loop(): Promise<void> {
    const { loopLog, rollbacks } = this.#options;
    while (!this.#stopping) {
      try {
        await this.#look();
        loopLog.worked(FAILED);
      } catch (error) {
        if (this.#stopping) return;
        rollbacks.note(error);
        loopLog.failed(FAILED, error);
        await sleep(ERROR_PAUSE_MS);
      }
    }
  }

  async #look(): Promise<void> {
    const { queue, lanes, room, share, heartbeat, release } = this.#options;
    const left = room.left();
    if (left.deliveries < CLAIM_BATCH || left.bytes < LEAST_CLAIM_BYTES) {
      const surplus = lanes.takeSurplus();
      await (surplus.length > 0 ? release(surplus) : room.freed());
      return;
    }
    const { givenUp } = share;
    const claimed = await this.#claim(left.bytes);
    room.take(claimed);
    if (share.givenUp !== givenUp) {
      await release(claimed);
    } else if (claimed.length > 0) {
      lanes.add(claimed);
      if (heartbeat.idle && this.#isBusy()) await heartbeat.setIdle(false);
      if (lanes.waiting > ENOUGH_TO_DO) await sleep(LONG_GATHER_MS);
      else if (claimed.length < SMALL_CLAIM) await sleep(GATHER_MS);
    } else if (this.#isBusy()) {
      await queue.pause(LONG_GATHER_MS);
    } else if (heartbeat.idle) {
      await queue.wait();
    } else {
      // Idle is told first and looked again after: what commits in between is either seen or notified.
      await heartbeat.setIdle(true);
    }
  }

  #note(rows: number): void {
    const at = performance.now();
    this.#found = [...this.#found.filter((claim) => claim.at > at - BUSY_MS), { at, rows: Math.max(rows, LEAST_ROWS) }];
  }

  #isBusy(): boolean {
    const since = performance.now() - BUSY_MS;
    return this.#found.reduce((sum, { at, rows }) => (at > since ? sum + rows : sum), 0) >= BUSY_ROWS;
  }

  async #claim(bytes: number): Promise<Claimed[]> {
    const { queue, lanes, heartbeat, stopped, secrets } = this.#options;
    const full = lanes.full();
    const excluded = { webhooks: [...full.webhooks, ...stopped.ids, ...secrets.held], users: full.users };
    this.#passedOver = new Set([...excluded.webhooks, ...excluded.users]);
    const known = this.#progress.known();
    const began = performance.now();
    const claimed = await queue.claim({
      deliveries: CLAIM_BATCH,
      perWebhook: heartbeat.hasCompany
        ? Math.min(CLAIM_PER_WEBHOOK, CLAIM_CAPS * lanes.caps.perWebhook)
        : CLAIM_PER_WEBHOOK,
      bytes,
      excluded,
      known,
    });
    traceClaim(claimed, began);
    if (claimed.length > 0) this.#note(claimed.length);
    this.#progress.note(claimed);
    return claimed;
  }
}
