/** Webhooks that an answer has stopped, until that answer is recorded and the claim knows of it. */
export class StoppedWebhooks {
  /** With the number of such answers. */
  readonly #answers = new Map<string, number>();

  get ids(): readonly string[] {
    return [...this.#answers.keys()];
  }

  has(webhookId: string): boolean {
    return this.#answers.has(webhookId);
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
}
