/** Milliseconds of a clock that all processes of this machine share, finer than Date.now. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}
