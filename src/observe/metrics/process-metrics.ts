import { performance } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What a process is. */
export interface About {
  readonly version: string;
  readonly database: 'postgres' | 'pglite';
  readonly api: boolean;
  readonly worker: boolean;
}

/** Registers what a process is, and how busy its event loop. */
export function registerProcessMetrics(registry: Registry, { version, database, api, worker }: About): void {
  new Gauge({
    name: 'hookline_build_info',
    help: 'Always 1. The labels say what the process is: its version, its database (postgres, pglite), and whether it serves the API and delivers.',
    labelNames: ['version', 'database', 'api', 'worker'] as const,
    registers: [registry],
  }).set({ version, database, api: String(api), worker: String(worker) }, 1);
  new Counter({
    name: 'hookline_event_loop_busy_seconds_total',
    help: 'For how long the event loop has run code, and not waited. A rate of 1 is a whole processor.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
}

let ofNode: Registry | undefined;

/**
 * What prom-client tells of every process of Node.js: memory, processor, garbage collection, delay of the event loop. One for the process, whatever runs in it: its
 * observers cannot be stopped.
 */
export function nodeMetrics(): Registry {
  if (ofNode === undefined) {
    ofNode = new Registry();
    collectDefaultMetrics({ register: ofNode });
  }
  return ofNode;
}
