import { createFaultRegistry, type DueFault, type FaultChoice, type FaultRegistry } from '../fault-registry.js';

/** What Vitess says most often with each code. */
export const USUAL_DESCRIPTIONS: Readonly<Record<FaultCode, string>> = {
  Aborted: 'transaction 1700000000000000001: in use: in use: for tx killer rollback',
  ResourceExhausted: 'Transaction throttled',
  Unavailable: 'operation not allowed in state NOT_SERVING',
};

/** What goes wrong. */
type Kind =
  /** `drop` breaks the connection without an answer, `hang` never answers, `empty` answers `{}`. */
  | { readonly kind: 'drop' | 'hang' | 'empty' }
  /** A page of HTML, as a proxy in between would answer; 502 by default. */
  | { readonly kind: 'html'; readonly status?: number }
  /** `description` is what stands behind `desc =`; by default what Vitess says most often. */
  | { readonly kind: 'error'; readonly code: FaultCode; readonly description?: string }
  /** Waits, and then goes on as without the fault. */
  | { readonly kind: 'slow'; readonly ms: number };

export const FAULT_CODES = ['Aborted', 'ResourceExhausted', 'Unavailable'] as const;
type FaultCode = (typeof FAULT_CODES)[number];

/** A fault on demand, for statements whose SQL matches, as it comes; with `when: 'after'` the statement runs first, and commits if nothing else holds it. */
export type FaultOptions = Kind & FaultChoice;
export type Fault = DueFault<Kind>;
export type Faults = FaultRegistry<Kind>;

/** The faults of one gateway. */
export const createFaults = () => createFaultRegistry<Kind>('^insert into ai_content');
