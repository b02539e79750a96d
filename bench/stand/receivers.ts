import type { Build } from './build.js';
import { startChild } from './child.js';

/** A wait ends with an error when so much slower than anything that was ever measured. */
const LEAST_WAIT_MS = 60_000;
const MOST_MS_EACH = 5;
/** How the answers of endpoints that take their time are spread: log-normal. */
export const LATENCY_SIGMA = 0.5;

export interface Receivers {
  readonly pid: number;
  url(name: string): string;
  /** Of an endpoint that never answers, and whose calls are not counted. */
  hangingUrl(name: string): string;
  /** Of an endpoint that takes so long to answer, as a rule. */
  lateUrl(medianMs: number): string;
  /** Counts from nothing again, and notes when each request comes, if that is wanted. */
  reset(noteTimes?: boolean): Promise<void>;
  /** When the requests since the reset came, by URL and in order, by the shared clock (clock.ts). */
  times(): Promise<ReadonlyMap<string, readonly number[]>>;
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
    lateUrl: (medianMs) => `http://127.0.0.1:${port}/late/${medianMs}/`,
    hangingUrl: (name) => `http://127.0.0.1:${port}/hang/${name}`,
    reset: (noteTimes = false) => child.call('reset', noteTimes),
    async times() {
      const byPath = await child.call<Record<string, number[]>>('times');
      return new Map(Object.entries(byPath).map(([path, times]) => [`http://127.0.0.1:${port}${path}`, times]));
    },
    until: (arrivals) => child.call('until', arrivals, LEAST_WAIT_MS + arrivals * MOST_MS_EACH),
    stop: () => child.stop(),
  };
}
