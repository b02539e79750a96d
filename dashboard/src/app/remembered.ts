/** A choice that this browser keeps: one of `values`. Where storage is refused, it is kept as long as the page. */
export interface Remembered<T extends string> {
  get(): T;
  set(value: T): void;
  subscribe(changed: () => void): () => void;
}

export function remembered<T extends string>(key: string, values: readonly T[], fallback: T): Remembered<T> {
  const listeners = new Set<() => void>();
  let value = values.find((one) => one === read(key)) ?? fallback;
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(key, next);
      } catch {
        // Storage may be off; the choice then lasts as long as the page.
      }
      for (const changed of listeners) changed();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
