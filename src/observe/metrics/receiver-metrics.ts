import { Gauge, type Registry } from 'prom-client';
import { FLEET, forget } from './fleet-metrics.js';

/** Callbacks, or events, of received AI webhooks that are not finished. */
export interface Pending {
  readonly pending: number;
  /** For how long the one that is due longest has been due; 0: none is. */
  readonly overdueSeconds: number;
}

/** What is unfinished of received AI webhooks. */
export interface Unfinished {
  readonly callback: Pending;
  readonly event: Pending;
}

export interface ReceiverMetrics {
  /** Undefined: their store did not answer, and nothing is told. */
  set(unfinished: Unfinished | undefined): void;
}

/** Registers what the receiver's store knows. */
export function createReceiverMetrics(registry: Registry): ReceiverMetrics {
  const up = new Gauge({
    name: 'hookline_receiver_store_up',
    help: 'Whether the database of received AI webhooks answered this process within 2 s at this scrape.',
    registers: [registry],
  });
  const pending = new Gauge({
    name: 'hookline_receiver_pending',
    help: `Callbacks and events of received AI webhooks that are not finished, by kind (callback, event). 10,000 of each are counted at most. ${FLEET}`,
    labelNames: ['kind'] as const,
    registers: [registry],
  });
  const overdue = new Gauge({
    name: 'hookline_receiver_overdue_seconds',
    help: `For how long the callback, or event, that is due longest has been due; 0: none is. ${FLEET}`,
    labelNames: ['kind'] as const,
    registers: [registry],
  });
  return {
    set(unfinished) {
      up.set(unfinished === undefined ? 0 : 1);
      forget(pending);
      forget(overdue);
      if (unfinished === undefined) return;
      for (const kind of ['callback', 'event'] as const) {
        pending.set({ kind }, unfinished[kind].pending);
        overdue.set({ kind }, unfinished[kind].overdueSeconds);
      }
    },
  };
}
