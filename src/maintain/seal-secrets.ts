import type { Sealer } from '../secrets/sealer.js';
import { type Loop, type LoopOptions, startLoop } from './loop.js';

/** With nothing to encrypt a look is one statement on three small indexes. */
const EVERY_MS = 10_000;

export interface SealingOptions extends Pick<LoopOptions, 'log' | 'db' | 'metrics'> {
  readonly sealer: Sealer;
  /** Pause between two looks. Default 10 s. */
  readonly intervalMs?: number;
}

/**
 * Encrypts secrets that stand in the clear, such as those that plain SQL made; nothing where the process holds no key. Any number of processes may do so: one
 * at a time does.
 */
export function startSealingLoop({ sealer, intervalMs = EVERY_MS, ...options }: SealingOptions): Loop {
  return startLoop({ ...options, name: 'secrets', intervalMs, look: (signal) => sealer.sweep(signal) });
}
