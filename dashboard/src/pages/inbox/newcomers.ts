import { useEffect, useRef, useState } from 'react';
import type { ContentSummary } from './contents.js';

/** So long a row that came in is marked. */
const MARKED_MS = 8_000;
const NOBODY: ReadonlySet<string> = new Set();

/** Ids of rows that came in while somebody looked, for a moment each. `key`: the filters; under others all rows are known. */
export function useNewcomers(rows: readonly ContentSummary[] | undefined, key: string): ReadonlySet<string> {
  const [marked, setMarked] = useState<ReadonlySet<string>>(NOBODY);
  const seen = useRef<{ key: string; newest: bigint } | undefined>(undefined);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const running = timers.current;
    return () => running.forEach(clearTimeout);
  }, []);
  useEffect(() => {
    if (rows === undefined) return;
    const newest = BigInt(rows[0]?.id ?? 0);
    const known = seen.current;
    if (known !== undefined && known.key === key) {
      const fresh = rows.filter(({ id }) => BigInt(id) > known.newest).map(({ id }) => id);
      if (fresh.length > 0) {
        setMarked((before) => new Set([...before, ...fresh]));
        const timer = setTimeout(() => {
          timers.current.delete(timer);
          setMarked((before) => new Set([...before].filter((id) => !fresh.includes(id))));
        }, MARKED_MS);
        timers.current.add(timer);
      }
      if (newest < known.newest) return;
    }
    seen.current = { key, newest };
  }, [rows, key]);
  return marked;
}
