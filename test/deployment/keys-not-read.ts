/**
 * Gives the paths of keys in `data` that `validate` does not read. The validators of kubernetes-models pass over what their schema does not know, a misspelt
 * `readinesProbe` for one; but they read every key that it does.
 */
export function keysNotRead<T extends object>(data: T, validate: (watched: T) => void): string[] {
  const unread = new Set(pathsIn(data, ''));
  validate(watch(data, '', (path) => unread.delete(path)));
  return [...unread];
}

function pathsIn(value: unknown, above: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [`${above}/${key}`, ...pathsIn(below, `${above}/${key}`)]);
}

function watch<T extends object>(target: T, above: string, onRead: (path: string) => void): T {
  return new Proxy(target, {
    get(from, key, receiver) {
      const value: unknown = Reflect.get(from, key, receiver);
      if (typeof key === 'symbol') return value;
      const path = `${above}/${key}`;
      onRead(path);
      return typeof value === 'object' && value !== null ? watch(value, path, onRead) : value;
    },
  });
}
