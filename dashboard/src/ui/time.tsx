import { useSyncExternalStore } from 'react';
import { useFormats } from '../i18n/formats.js';

const TICK_MS = 1_000;
let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(changed: () => void): () => void {
  watchers.add(changed);
  // It stood still while nobody watched.
  if (timer === undefined) now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of watchers) tell();
  }, TICK_MS);
  return () => {
    watchers.delete(changed);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time in milliseconds, once a second, from one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

/** How long ago, or how long until then; the full time as its title. */
export function RelativeTime({ iso }: { readonly iso: string | null }) {
  const formats = useFormats();
  const current = useNow();
  if (iso === null) return '–';
  return (
    <time dateTime={iso} title={formats.dateTime(iso)}>
      {formats.relative(iso, current)}
    </time>
  );
}

export function DateTime({ iso }: { readonly iso: string | null }) {
  const formats = useFormats();
  if (iso === null) return '–';
  return <time dateTime={iso}>{formats.dateTime(iso)}</time>;
}
