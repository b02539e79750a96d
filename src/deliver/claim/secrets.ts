import type { Logger } from 'pino';
import { HooklineError } from '../../errors.js';
import { type Keyring, NO_KEYS } from '../../secrets/keyring.js';
import type { Claimed } from '../stages.js';

/** How long a webhook whose secrets do not open is left out of the claims, before it is tried again. */
const HELD_MS = 30_000;

type WithSecrets = Pick<Claimed, 'webhookId' | 'secrets' | 'signingKeys' | 'customHeaders'>;

/** Opens the secrets that a claim reads. Webhooks whose secrets do not open are held: nothing of theirs is sent, and nothing is lost. */
export class WebhookSecrets {
  readonly #keyring: Keyring;
  readonly #log: Logger | undefined;
  /** With the time until which it is held. */
  readonly #held = new Map<string, number>();

  constructor(keyring: Keyring = NO_KEYS, log?: Logger) {
    this.#keyring = keyring;
    this.#log = log;
  }

  /** Each key that the process has, as `id:proof`. */
  get proofs(): readonly string[] {
    return this.#keyring.proofs;
  }

  /** Webhooks to leave out of the claims for now. */
  get held(): readonly string[] {
    const now = performance.now();
    for (const [id, until] of this.#held) if (until <= now) this.#held.delete(id);
    return [...this.#held.keys()];
  }

  /** The rows whose secrets open, as they are in the clear; the webhooks of the others are held. */
  open<Row extends WithSecrets>(rows: readonly Row[]): Row[] {
    return rows.flatMap((row) => {
      try {
        return [this.#openRow(row)];
      } catch (error) {
        if (!(error instanceof HooklineError)) throw error;
        this.#hold(row.webhookId, error);
        return [];
      }
    });
  }

  #openRow<Row extends WithSecrets>(row: Row): Row {
    const { webhookId: id, secrets, signingKeys, customHeaders } = row;
    const [first, ...others] = secrets;
    const open = (stored: string): string => this.#keyring.open({ kind: 'webhook', id }, stored);
    return {
      ...row,
      secrets: [open(first), ...others.map(open)],
      signingKeys: signingKeys?.map((stored) => this.#keyring.open({ kind: 'signing_key', id: '' }, stored)) ?? null,
      customHeaders: this.#openHeaders(id, customHeaders) ?? customHeaders ?? null,
    };
  }

  /** Encrypted, they are a text. */
  #openHeaders(id: string, headers: unknown): Claimed['customHeaders'] {
    return typeof headers === 'string' ? JSON.parse(this.#keyring.open({ kind: 'headers', id }, headers)) : undefined;
  }

  #hold(webhookId: string, error: HooklineError): void {
    this.#held.set(webhookId, performance.now() + HELD_MS);
    this.#log?.error({ err: error, webhook_id: webhookId, held_ms: HELD_MS }, 'secrets.unreadable');
  }
}
