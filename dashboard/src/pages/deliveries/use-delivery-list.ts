import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type DeliveryChange, type LiveState, useLiveDeliveries } from '../../api/live.js';
import { queries } from '../../api/queries.js';
import { useLiveRefresh } from '../../api/refresh.js';
import type { Pages } from '../../ui/pager.js';
import { type Filters, mayMatch } from './filters.js';
import { type Found, findDeliveries, isCut, lookFurther } from './find-deliveries.js';

const LIST = ['deliveries', 'list'] as const;

/** A page of the list, which follows by itself where that takes nothing away from under the reader. */
export function useDeliveryList(filters: Filters, pages: Pages, isHeld: boolean) {
  const queryKey = [...LIST, filters, pages.cursor ?? null] as const;
  const key = JSON.stringify(queryKey);
  const isCutNow = useRef(false);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => findDeliveries(filters, pages.cursor ?? null, signal),
    placeholderData: keepPreviousData,
    // Read again, it would forget how far it was looked.
    refetchOnWindowFocus: () => !isCutNow.current,
  });
  const page = query.data;
  isCutNow.current = page !== undefined && isCut(page);
  const further = useMutation({
    mutationFn: (from: Found) => lookFurther(filters, from),
    onSuccess: (found) => queries.setQueryData(queryKey, found),
  });
  // A mutation is of the page that it was begun on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what resets it.
  useEffect(() => further.reset(), [key]);
  const live = useFollowing({ filters, page, key, isFirst: pages.number === 1, isHeld: isHeld || isCutNow.current });
  return { query, further, ...live };
}

interface Following {
  readonly filters: Filters;
  readonly page: Found | undefined;
  /** Names what is shown. */
  readonly key: string;
  readonly isFirst: boolean;
  /** Nothing may move now. */
  readonly isHeld: boolean;
}

/** The first page is read again as deliveries change; a later one when one on it does; one that is held not at all. Then it is told that there are newer ones. */
function useFollowing(following: Following): { state: LiveState; hasNewer: boolean } {
  const { filters, page, key, isFirst, isHeld } = following;
  const [newerThan, setNewerThan] = useState<string>();
  const shown = useRef(following);
  shown.current = following;
  const isShown = (id: string): boolean => page?.rows.some((row) => row.id === id) ?? false;
  const state = useLiveRefresh(isHeld ? [] : [LIST], (delivery) =>
    isFirst ? mayMatch(filters, delivery) || isShown(delivery.id) : isShown(delivery.id),
  );
  useLiveDeliveries(
    useCallback((change: DeliveryChange | null) => {
      const { key: of, isFirst: isTop, isHeld: isStill } = shown.current;
      if (change !== null && (isStill || !isTop) && isNewer(change, shown.current)) setNewerThan(of);
    }, []),
  );
  const follows = isFirst && !isHeld;
  useEffect(() => {
    if (!follows || newerThan === undefined) return;
    // They came while it stood still.
    if (newerThan === key) void readListAgain();
    setNewerThan(undefined);
  }, [follows, newerThan, key]);
  return { state, hasNewer: newerThan === key };
}

/** Whether a change brings a delivery to the list that it had not. */
function isNewer({ kind, delivery }: DeliveryChange, { filters, page }: Following): boolean {
  if (filters.until !== undefined || filters.event_id !== undefined || !mayMatch(filters, delivery)) return false;
  if (filters.status === undefined) return kind === 'created';
  return page?.rows.every(({ id }) => id !== delivery.id) ?? false;
}

/** Reads the list anew. */
export function readListAgain(): Promise<void> {
  return queries.invalidateQueries({ queryKey: LIST });
}
