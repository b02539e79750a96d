import type { QueryKey } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { type LiveState, useLiveDeliveries } from './live.js';
import { queries } from './queries.js';

/** However quick deliveries come, what is shown is read again once in this time. */
const AT_MOST_EVERY_MS = 1_500;

/** Reads queries again when deliveries change. `isMine` picks the changes that matter; by default all do. */
export function useLiveRefresh(
  keys: readonly QueryKey[],
  isMine: (delivery: { id: string; webhook_id: string }) => boolean = () => true,
): LiveState {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ keys, isMine });
  latest.current = { keys, isMine };
  useEffect(() => () => clearTimeout(timer.current), []);
  return useLiveDeliveries(
    useCallback((change) => {
      if (change !== null && !latest.current.isMine(change.delivery)) return;
      if (timer.current !== undefined) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        for (const queryKey of latest.current.keys) void queries.invalidateQueries({ queryKey });
      }, AT_MOST_EVERY_MS);
    }, []),
  );
}
