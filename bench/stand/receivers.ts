import type { Build } from './build.js';
import { startChild } from './child.js';

/** A wait ends with an error when so much slower than anything that was ever measured. */
const LEAST_WAIT_MS = 60_000;
const MOST_MS_EACH = 5;

export interface Receivers {
  readonly pid: number;
  url(name: string): string;
  /** Counts from nothing again. */
  reset(): Promise<void>;
  /** Waits until so many requests have arrived since the reset; gives when the first came, by the shared clock (clock.ts). Throws when they do not come. */
  until(arrivals: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the subscribers in a process of their own, as in real life: any number of URLs on one port, each answering 200 at once. */
export async function startReceivers(built: Build): Promise<Receivers> {
  const child = startChild(built.path('bench/stand/receiver-process.ts'));
  const port = await child.call<number>('port');
  return {
    pid: child.pid,
    url: (name) => `http://127.0.0.1:${port}/hook/${name}`,
    reset: () => child.call('reset'),
    until: (arrivals) => child.call('until', arrivals, LEAST_WAIT_MS + arrivals * MOST_MS_EACH),
    stop: () => child.stop(),
  };
}
