import { useEffect, useSyncExternalStore } from 'react';
import { queries } from './queries.js';

const KINDS = ['created', 'attempted', 'succeeded', 'failed', 'retrying'] as const;

/** One change of a delivery, as the stream tells it. */
export interface DeliveryChange {
  readonly kind: (typeof KINDS)[number];
  readonly changed_at: string;
  readonly delivery: {
    readonly id: string;
    readonly webhook_id: string;
    readonly event_type: string;
    readonly status: string;
  };
}

/** `live`: changes come. `waiting`: not yet, or not any more; it is tried again. */
export type LiveState = 'live' | 'waiting';

/** After an answer that ends an EventSource for good: too many streams, say. */
const AGAIN_AFTER_MS = 10_000;

let source: EventSource | undefined;
let again: ReturnType<typeof setTimeout> | undefined;
let state: LiveState = 'waiting';
const stateWatchers = new Set<() => void>();
const followers = new Set<(change: DeliveryChange | null) => void>();

/** Calls `follow` with each change of a delivery that the session may see, and with null where some may have been missed. The whole page has one stream. */
export function useLiveDeliveries(follow: (change: DeliveryChange | null) => void): LiveState {
  useEffect(() => {
    followers.add(follow);
    if (followers.size === 1) open();
    return () => {
      followers.delete(follow);
      if (followers.size === 0) close();
    };
  }, [follow]);
  return useSyncExternalStore(watchState, () => state);
}

function watchState(changed: () => void): () => void {
  stateWatchers.add(changed);
  return () => stateWatchers.delete(changed);
}

function setState(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const changed of stateWatchers) changed();
}

function tell(change: DeliveryChange | null): void {
  for (const follow of followers) follow(change);
}

function open(): void {
  const stream = new EventSource('/v1/deliveries/stream');
  source = stream;
  stream.addEventListener('open', () => {
    setState('live');
    // What changed before the stream began is in none of its events.
    tell(null);
  });
  stream.addEventListener('gap', () => tell(null));
  for (const kind of KINDS) {
    stream.addEventListener(kind, ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as DeliveryChange));
  }
  // The session ended: the next question to the server says so. Where it did not, nobody leaves, and there is another stream.
  stream.addEventListener('end', () => {
    close();
    openLater();
    void queries.invalidateQueries();
  });
  stream.addEventListener('error', () => {
    setState('waiting');
    if (stream.readyState === EventSource.CLOSED) openLater();
  });
}

function openLater(): void {
  clearTimeout(again);
  again = setTimeout(() => followers.size > 0 && open(), AGAIN_AFTER_MS);
}

function close(): void {
  clearTimeout(again);
  source?.close();
  source = undefined;
  setState('waiting');
}
