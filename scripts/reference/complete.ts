/** Throws what is there without a description, and what is described and not there. */
export function complete(what: string, there: Iterable<string>, described: Iterable<string>): void {
  const [known, told] = [new Set(there), new Set(described)];
  const untold = [...known].filter((name) => !told.has(name));
  const unknown = [...told].filter((name) => !known.has(name));
  if (untold.length > 0)
    throw new Error(`${what} without a description in scripts/reference/text: ${untold.join(', ')}`);
  if (unknown.length > 0)
    throw new Error(`${what} described in scripts/reference/text, and not there: ${unknown.join(', ')}`);
}
