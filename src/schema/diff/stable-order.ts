/** Which of some numbers form a longest rising row: their places. With columns, those that need not be moved. */
export function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  // For each length, the place of the smallest number that a rise of this length ends with.
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [place, number] of numbers.entries()) {
    const found = ends.findIndex((end) => (numbers[end] ?? 0) >= number);
    const length = found === -1 ? ends.length : found;
    before[place] = ends[length - 1];
    ends[length] = place;
  }
  const rise = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = before[place]) rise.add(place);
  return rise;
}
