import type { Timed } from '../stand/timed.js';

/** Something that makes deliveries, in a process of its own. */
export interface Contender {
  readonly name: string;
  /** One line for the report: what it does for a delivery. */
  readonly says: string;
  /** Of a round's deliveries, the part it makes: those that are ten times slower would take up all of a run's time. */
  readonly share: number;
  /** Makes so many deliveries, timed from when the work is released until all of it is done. Throws when one did not succeed. */
  run(deliveries: number): Promise<Timed>;
  stop(): Promise<void>;
}

export const ENDPOINTS = 10;
/** In flight at once, for all that have no measure of their own. */
export const IN_FLIGHT = 64;
