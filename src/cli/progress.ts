import stringWidth from 'string-width';
import { printableLine } from './printable.js';

const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 3_000;
const TO_LINE_START = '\r\x1b[K';

export interface Progress {
  /** Tells how far it has come; most calls show nothing, since the last one was a moment ago and another one follows. */
  show(text: string): void;
  /** Takes the line away again, where it is one. */
  end(): void;
}

export type ProgressStream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'> & { readonly columns?: number };

/** How far a command has come, on standard error: one line that is written over on a terminal, a line every few seconds elsewhere. */
export function createProgress(stream: ProgressStream = process.stderr): Progress {
  const everyMs = stream.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS;
  let shownAt = performance.now();
  let isShown = false;
  let due: NodeJS.Timeout | undefined;
  const write = (text: string): void => {
    shownAt = performance.now();
    isShown = true;
    const line = printableLine(text);
    stream.write(stream.isTTY ? TO_LINE_START + cut(line, stream.columns) : `${line}\n`);
  };
  return {
    show(text) {
      clearTimeout(due);
      const inMs = shownAt + everyMs - performance.now();
      // Nothing may come after it for long.
      if (inMs > 0) due = setTimeout(write, inMs, text).unref();
      else write(text);
    },
    end() {
      clearTimeout(due);
      if (stream.isTTY && isShown) stream.write(TO_LINE_START);
      isShown = false;
    },
  };
}

/** A line that is longer than the terminal is wide would stay in part when it is written over. */
function cut(line: string, columns = Number.POSITIVE_INFINITY): string {
  if (stringWidth(line) < columns) return line;
  let kept = '';
  for (const char of line) {
    if (stringWidth(kept + char) > columns - 2) break;
    kept += char;
  }
  return `${kept}…`;
}
