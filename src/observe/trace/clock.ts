/** The clock of the host may be set; less than this is the rounding of `Date.now()`. */
const MOST_APART_MS = 5;

let offset = Date.now() - performance.now();

/**
 * A moment by `performance.now()` as ms since 1970, which every SDK takes. The times of spans that are near each other come from the same offset, so that none
 * begins a moment before its parent.
 */
export function epochMs(moment: number): number {
  const now = Date.now() - performance.now();
  if (Math.abs(now - offset) > MOST_APART_MS) offset = now;
  return offset + moment;
}
