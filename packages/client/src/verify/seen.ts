/** Remembers which attempts have been taken. Shared among processes when it is to protect all of them. */
export interface SeenAttempts {
  /**
   * Keeps `key` for `ttlSeconds` (whole). Gives true when it was not there before; adding and asking has to be one step
   * (Redis: `SET key 1 EX ttl NX`).
   */
  add(key: string, ttlSeconds: number): boolean | Promise<boolean>;
}

/**
 * Remembers attempts in this process, at most `max` (default 100,000: some 20 MB, and more than five minutes at 300 a
 * second), of which the oldest go first. Only what was signed is remembered: nobody else can fill it.
 */
export function memorySeen({ max = 100_000 }: { readonly max?: number } = {}): SeenAttempts {
  const until = new Map<string, number>();
  return {
    add(key, ttlSeconds) {
      const now = Date.now();
      if ((until.get(key) ?? 0) > now) return false;
      until.delete(key);
      for (const [oldest, end] of until) {
        if (until.size < max && end > now) break;
        until.delete(oldest);
      }
      until.set(key, now + ttlSeconds * 1000);
      return true;
    },
  };
}
