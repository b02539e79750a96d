import type { Machine } from '../machine.js';
import type { Sizes } from '../sizes.js';
import type { Section } from './section.js';

/** A whole run, as --json prints it. */
export interface Report {
  readonly at: string;
  readonly machine: Machine;
  readonly sizes: Sizes;
  readonly sections: readonly Section[];
}
