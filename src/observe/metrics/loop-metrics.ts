import { Counter, Gauge, type Registry } from 'prom-client';

/** What the loops beside deliveries count: retention, expiry, replays, verification, follow-ups, encryption of secrets. */
export interface LoopMetrics {
  /** A loop begins. */
  began(loop: string): void;
  /** A loop has looked, in vain or not; `ok`: without an error. */
  looked(loop: string, ok: boolean): void;
}

/** Registers what loops count. */
export function createLoopMetrics(registry: Registry): LoopMetrics {
  const looks = new Counter({
    name: 'hookline_loop_looks_total',
    help: 'Looks of the loops that run beside deliveries, by loop and outcome (ok, failed).',
    labelNames: ['loop', 'outcome'] as const,
    registers: [registry],
  });
  const last = new Gauge({
    name: 'hookline_loop_last_ok_timestamp_seconds',
    help: 'When a look of the loop last ended without an error, in seconds since 1970; until then, when the loop began.',
    labelNames: ['loop'] as const,
    registers: [registry],
  });
  return {
    began(loop) {
      // One that never goes well grows old by it, and a counter that is not there before its first count has no rate from it.
      last.set({ loop }, Date.now() / 1000);
      for (const outcome of ['ok', 'failed'] as const) looks.inc({ loop, outcome }, 0);
    },
    looked(loop, ok) {
      looks.inc({ loop, outcome: ok ? 'ok' : 'failed' });
      if (ok) last.set({ loop }, Date.now() / 1000);
    },
  };
}
