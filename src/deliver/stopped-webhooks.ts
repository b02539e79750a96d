import type { Claimed } from './stages.js';

/** Longer than a lease: what was leased before that is not sent any more. */
const KEPT_MS = 3_600_000;

/** Webhooks that an answer has stopped, until that answer is recorded, and for what was leased before the claim knew of it. */
export class StoppedWebhooks {
  /** With the number of such answers. */
  readonly #answers = new Map<string, number>();
  /** Since when (`performance.now()`) a claim passes over the webhook; the latest last. */
  readonly #known = new Map<string, number>();

  get ids(): readonly string[] {
    return [...this.#answers.keys()];
  }

  /** Whether a delivery may not be sent, since its webhook is stopped, or was when its lease came. */
  has({ webhookId, leasedAt = Number.POSITIVE_INFINITY }: Pick<Claimed, 'webhookId' | 'leasedAt'>): boolean {
    return this.#answers.has(webhookId) || leasedAt < (this.#known.get(webhookId) ?? Number.NEGATIVE_INFINITY);
  }

  /** An answer has stopped the webhook. */
  stop(webhookId: string): void {
    this.#answers.set(webhookId, (this.#answers.get(webhookId) ?? 0) + 1);
  }

  /** One of these answers is recorded. */
  recorded(webhookId: string): void {
    const left = (this.#answers.get(webhookId) ?? 0) - 1;
    if (left > 0) this.#answers.set(webhookId, left);
    else this.#answers.delete(webhookId);
  }

  /** The database says that the webhook is stopped. A claim that was asked for before may have looked before, and come later. */
  isKnown(webhookId: string): void {
    const now = performance.now();
    this.#known.delete(webhookId);
    this.#known.set(webhookId, now);
    for (const [id, at] of this.#known) {
      if (at > now - KEPT_MS) break;
      this.#known.delete(id);
    }
  }
}
