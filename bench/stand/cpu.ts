import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second, whatever the kernel's own tick (USER_HZ). */
const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Its own time and that of children that have ended, user and system. */
  readonly ms: number;
}

/** The CPU time that a process and all it has started have used so far, in milliseconds; undefined where there is no /proc. */
export function cpuMs(root: number): number | undefined {
  const all = stats();
  if (all.length === 0) return undefined;
  const sum = (pid: number): number =>
    all.filter(({ parent }) => parent === pid).reduce((ms, one) => ms + one.ms + sum(one.pid), 0);
  return (all.find(({ pid }) => pid === root)?.ms ?? 0) + sum(root);
}

/** The parent of a process: of one of PostgreSQL's backends, the server. */
export function parentOf(pid: number): number | undefined {
  return stats().find((one) => one.pid === pid)?.parent;
}

function stats(): Stat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => stat(name));
  } catch {
    return [];
  }
}

/** proc(5): after the name in brackets come state (field 3), parent (4), and the times, fields 14 to 17. */
function stat(name: string): Stat[] {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), ms: ticks * TICK_MS }];
  } catch {
    return []; // It ended meanwhile.
  }
}
