import { createFaultRegistry, type DueFault, type FaultChoice, type FaultRegistry } from '../fault-registry.js';

/** What goes wrong. */
type Kind =
  /** `drop` breaks the connection without an answer, `hang` never answers. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' }
  /** A page of HTML, as a proxy in between would answer; 502 by default. */
  | { readonly kind: 'html'; readonly status?: number }
  /** 429, with `Retry-After` in seconds where one is given. */
  | { readonly kind: 'rate_limited'; readonly retryAfter?: number }
  /** An error in the API's form; 500 `internal_server_error` by default. */
  | { readonly kind: 'error'; readonly status?: number; readonly code?: string; readonly message?: string }
  /** Waits, and then goes on as without the fault. */
  | { readonly kind: 'slow'; readonly ms: number };

/** A fault on demand, for requests whose method and path match: `^POST .*\/branches$`. */
export type FaultOptions = Kind & FaultChoice;
export type Fault = DueFault<Kind>;
export type Faults = FaultRegistry<Kind>;

/** The faults of one stand-in. */
export const createFaults = () => createFaultRegistry<Kind>('^POST .*/branches$');
