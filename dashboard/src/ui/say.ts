let isWanted = false;
let waiting: string[] = [];
const listeners = new Set<() => void>();

/** Says, for some seconds, that something was done. Errors belong where they happened, not here. */
export function say(text: string): void {
  isWanted = true;
  waiting.push(text);
  for (const listener of listeners) listener();
}

/** Whether anything was ever said. */
export function hasSaid(): boolean {
  return isWanted;
}

/** Calls `listener` whenever something is said, until the function that it gives is called. */
export function whenSaid(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Gives what was said and is not shown yet, once. */
export function takeSaid(): readonly string[] {
  const taken = waiting;
  waiting = [];
  return taken;
}
