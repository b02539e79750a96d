/**
 * `Retry-After` (RFC 9110 §10.2.3), seconds or an HTTP date, as seconds from `nowMs` (ms since 1970).
 * Undefined when absent, not understood, or not in the future.
 */
export function parseRetryAfter(value: string | string[] | undefined, nowMs: number): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (parseHttpDate(text) - nowMs) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** All three forms of an HTTP date begin with the day's name; Date.parse alone would take "1.5" or "2026" for a date. */
function parseHttpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
}
