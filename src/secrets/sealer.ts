import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { toHooklineError } from '../db/sql-errors.js';
import type { HooklineError } from '../errors.js';
import type { Keyring, Place } from './keyring.js';
import { registerSealingKey } from './registry.js';
import { reseal } from './reseal.js';
import { hasSecretsToSeal } from './status.js';

export interface SealerOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly log: Logger;
}

/** Encrypts what is in the clear: whatever SQL made since, or had made before there was a key. */
export class Sealer {
  readonly #options: SealerOptions;
  #isRegistered = false;
  /** Workers without the key, when that was last told. */
  #toldLacking = 0;
  readonly #toldUnreadable = new Set<string>();
  #running: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** Looks now, in the background; of many calls at once some look together. */
  wake(): void {
    if (this.#options.keyring.sealingId === undefined) return;
    this.#isWanted = true;
    this.#running ??= this.#runWhileWanted().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** One look. Throws what the database throws. */
  async sweep(signal?: AbortSignal): Promise<void> {
    const { db, keyring, log } = this.#options;
    if (keyring.sealingId === undefined || !(await hasSecretsToSeal(db)) || !(await this.#mayEncrypt())) return;
    try {
      const secrets = await reseal({
        db,
        keyring,
        to: 'key',
        all: false,
        wait: false,
        ...(signal && { signal }),
        onUnreadable: (place, error) => this.#tellUnreadable(place, error),
      });
      if (secrets > 0) log.info({ count: secrets, key: keyring.sealingId }, 'secrets.encrypted');
    } catch (error) {
      // Perhaps since a rotation has made another key the one, and this one was forgotten.
      this.#isRegistered = false;
      throw error;
    }
  }

  #tellUnreadable({ kind, id }: Place, error: HooklineError): void {
    if (this.#toldUnreadable.has(`${kind} ${id}`)) return;
    this.#toldUnreadable.add(`${kind} ${id}`);
    this.#options.log.error({ err: error, kind, ...(id !== '' && { webhook_id: id }) }, 'secrets.unreadable');
  }

  async #mayEncrypt(): Promise<boolean> {
    if (this.#isRegistered) return true;
    const { db, keyring, log } = this.#options;
    const lacking = await registerSealingKey(db, keyring);
    if (lacking > 0 && lacking !== this.#toldLacking) {
      log.warn(
        { key: keyring.sealingId, workers: lacking },
        'secrets.in_the_clear: workers run that do not hold the key; give them HOOKLINE_SECRET_KEYS.',
      );
    }
    this.#toldLacking = lacking;
    this.#isRegistered = lacking === 0;
    return this.#isRegistered;
  }

  async #runWhileWanted(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.sweep();
      } catch (error) {
        // The loop of a worker comes back to it.
        this.#options.log.warn({ err: toHooklineError(error) }, 'secrets.not_encrypted');
      }
    }
  }
}
