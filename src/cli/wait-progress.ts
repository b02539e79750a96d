import { printableLine } from './printable.js';
import { createProgress, type Progress, type ProgressStream } from './progress.js';

const ELSEWHERE_EVERY_MS = 1_000;

/**
 * How far a server has come, on standard error: one line that is written over on a terminal; elsewhere a line for each text that differs from the one before,
 * one a second at most.
 */
export function createWaitProgress(stream: ProgressStream = process.stderr): Progress {
  if (stream.isTTY && process.env['TERM'] !== 'dumb') return createProgress(stream);
  let shown = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      if (text === shown || performance.now() - shownAt < ELSEWHERE_EVERY_MS) return;
      shown = text;
      shownAt = performance.now();
      stream.write(`${printableLine(text)}\n`);
    },
    end() {},
  };
}
