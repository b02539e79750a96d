import { printableLine } from './printable.js';
import { createProgress, type Progress } from './progress.js';

const ELSEWHERE_EVERY_MS = 1_000;

type ProgressStream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'> & { readonly columns?: number };

/**
 * How far a server has come, on standard error: one line that is written over on a terminal; elsewhere a line for each text that differs from the one before,
 * one a second at most.
 */
export function createWaitProgress(stream: ProgressStream = process.stderr): Progress {
  if (stream.isTTY && process.env['TERM'] !== 'dumb') return onTerminal(stream);
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

/** A text that is longer than the terminal is wide would stay in part when it is written over. */
function onTerminal(stream: ProgressStream): Progress {
  const progress = createProgress(stream);
  let isShown = false;
  return {
    show(text) {
      isShown = true;
      const room = (stream.columns ?? Number.POSITIVE_INFINITY) - 1;
      progress.show(text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text);
    },
    end() {
      if (isShown) progress.end();
      isShown = false;
    },
  };
}
