import { useSearchParams } from 'wouter';
import { CALLBACK_STATES, type ContentFilter, EVENT_STATES } from './contents.js';

const NAMES = { eventName: 'event_name', callbackState: 'callback_state', eventState: 'event_state' } as const;

/** The filters of the list, which live in the address. */
export function useContentFilter(): readonly [filter: ContentFilter, set: (change: Partial<ContentFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = {
    eventName: search.get(NAMES.eventName) || undefined,
    callbackState: CALLBACK_STATES.find((state) => state === search.get(NAMES.callbackState)),
    eventState: EVENT_STATES.find((state) => state === search.get(NAMES.eventState)),
  };
  const set = (change: Partial<ContentFilter>): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, parameter] of Object.entries(NAMES)) {
          if (!Object.hasOwn(change, name)) continue;
          const value = change[name as keyof ContentFilter];
          if (value === undefined || value === '') next.delete(parameter);
          else next.set(parameter, value);
        }
        return next;
      },
      { replace: true },
    );
  return [filter, set];
}

export function isFiltered(filter: ContentFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
