import { type Logger, pino } from 'pino';

/** A log at level info whose lines are kept. */
export interface CapturedLog {
  readonly log: Logger;
  /** The lines with this message so far, the oldest first. */
  lines(message: string): Record<string, unknown>[];
  /** All lines so far. */
  all(): readonly Record<string, unknown>[];
}

export function captureLog(): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const formatters = { level: (label: string) => ({ level: label }) };
  const log = pino({ base: null, formatters }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines: (message) => lines.filter(({ msg }) => msg === message), all: () => lines };
}
