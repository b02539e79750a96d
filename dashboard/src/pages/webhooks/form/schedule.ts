const MOST_SECONDS = 86_400;

/** Seconds before each retry, jitter aside: the first delay, doubled with each, at most a day. */
export function scheduleOf(firstSeconds: number, retries: number): readonly number[] {
  return Array.from({ length: retries }, (_, before) => Math.min(firstSeconds * 2 ** before, MOST_SECONDS));
}
