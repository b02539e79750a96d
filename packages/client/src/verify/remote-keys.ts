import { WebhookVerificationError } from './error.js';
import { ofKeySet } from './key-set.js';

type PublicKeys = readonly Uint8Array<ArrayBuffer>[];

/** Keys that are gone from the set for a day are no longer trusted, also while its address is away. */
const MAX_STALE_S = 86_400;

/** While nothing is known, a failed look holds for so long: signatures that nobody made cause no flood of requests. */
const FAILED_FOR_S = 1;

/** Public keys at an address, as they are now. */
export interface RemoteKeys {
  /** The keys, fetched when they are not known or too old. @throws WebhookVerificationError `keys_unavailable`. */
  current(): Promise<PublicKeys>;
  /**
   * The keys fetched anew, for a signature that none of the known ones made; null when that was done a moment ago, or
   * fails.
   */
  refreshed(): Promise<PublicKeys | null>;
}

export interface RemoteKeysOptions {
  /** How long fetched keys are used without looking again. Default 600. */
  readonly cacheSeconds?: number;
  /**
   * No second look for an unknown key within this time, so that forged signatures cause no flood of requests. Default
   * 30.
   */
  readonly cooldownSeconds?: number;
  /** Over the whole request. Default 5,000. */
  readonly timeoutMs?: number;
  readonly fetch?: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;
  /** The time in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The JWK Set at `url`, which is a Hookline server's `/.well-known/webhook-keys`. Make it once, outside of the handler:
 * it holds the cache. A key that the server has rotated to is found by its first signature. While the address is away,
 * known keys go on for a day.
 */
export function remoteKeys(url: string | URL, options: RemoteKeysOptions = {}): RemoteKeys {
  const { cacheSeconds = 600, cooldownSeconds = 30, timeoutMs = 5_000, now = Date.now } = options;
  const get = options.fetch ?? ((address, init) => fetch(address, init));
  let known: { readonly keys: PublicKeys; readonly at: number } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let failed: { readonly at: number; readonly cause: unknown } | undefined;
  let pending: Promise<PublicKeys> | undefined;

  async function load(): Promise<PublicKeys> {
    const response = await get(String(url), { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`It answered ${response.status}.`);
    const keys = ofKeySet(await response.json());
    known = { keys, at: now() };
    return keys;
  }

  function look(): Promise<PublicKeys> {
    lookedAt = now();
    pending ??= load()
      .catch((cause: unknown) => {
        failed = { at: now(), cause };
        throw cause;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  }

  const unavailable = (cause: unknown) =>
    new WebhookVerificationError('keys_unavailable', `No keys came from ${url}.`, { cause });

  const olderThan = (at: number, seconds: number): boolean => now() - at >= seconds * 1000;

  return {
    async current() {
      if (known !== undefined && !olderThan(known.at, cacheSeconds)) return known.keys;
      const stale = known !== undefined && !olderThan(known.at, MAX_STALE_S) ? known.keys : undefined;
      if (stale !== undefined && !olderThan(lookedAt, cooldownSeconds)) return stale;
      if (stale === undefined && failed !== undefined && !olderThan(failed.at, FAILED_FOR_S)) {
        throw unavailable(failed.cause);
      }
      try {
        return await look();
      } catch (cause) {
        if (stale !== undefined) return stale;
        throw unavailable(cause);
      }
    },
    async refreshed() {
      if (!olderThan(lookedAt, cooldownSeconds)) return null;
      return look().catch(() => null);
    },
  };
}
