import type { Costs } from './costs.js';
import type { Engine } from './engine.js';

export interface Delivery {
  readonly webhook: number;
  /** When it was committed. */
  readonly at: number;
  /** Attempts that were made. */
  readonly attempt: number;
}

/** What all workers of a simulation share. */
export interface Pipeline {
  readonly engine: Engine;
  readonly costs: Costs;
  /** What may be claimed, by webhook, the oldest first. */
  readonly ready: readonly Delivery[][];
  readonly workers: number;
  /** A worker's part of the calls in flight to a webhook. */
  readonly share: number;
  call(delivery: Delivery, answered: () => void): void;
  recorded(delivery: Delivery): void;
}
