import { clock } from './clock.js';
import { cpuMs } from './cpu.js';

/** Processes by what they are called in the report. */
export type Processes = Readonly<Record<string, number | undefined>>;

export interface Timed {
  readonly ms: number;
  /** CPU milliseconds that each used meanwhile; those that cannot be told are left out. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** The wall time of `fn`, and the CPU time of the processes meanwhile. */
export async function timed(processes: Processes, fn: () => Promise<unknown>): Promise<Timed> {
  const before = cpuOf(processes);
  const began = clock();
  await fn();
  const ms = clock() - began;
  const after = cpuOf(processes);
  const used = Object.entries(after).map(([name, now]) => [name, now - (before[name] ?? now)] as const);
  return { ms, cpuMs: Object.fromEntries(used) };
}

function cpuOf(processes: Processes): Record<string, number> {
  const found = Object.entries(processes).flatMap(([name, pid]) => {
    const ms = pid === undefined ? undefined : cpuMs(pid);
    return ms === undefined ? [] : [[name, ms] as const];
  });
  return Object.fromEntries(found);
}
