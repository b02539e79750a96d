import type { Attempt } from './attempt.js';
import type { SimCallback } from './callback.js';
import type { SimRequest } from './request.js';

/** What happened, as it happens. */
export type Change =
  /** An attempt ended. `againInMs` is when the next is made; null: none is. */
  | {
      readonly kind: 'attempted';
      readonly request: SimRequest;
      readonly attempt: Attempt;
      readonly againInMs: number | null;
    }
  /** A callback came, whatever it was worth. */
  | { readonly kind: 'callback'; readonly callback: SimCallback }
  /** The time for the callback is over. */
  | { readonly kind: 'timed_out'; readonly request: SimRequest }
  /** The last attempt failed. */
  | { readonly kind: 'dead_lettered'; readonly request: SimRequest };
