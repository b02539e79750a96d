const TERMINAL_EVERY_MS = 100;
const ELSEWHERE_EVERY_MS = 3_000;
const TO_LINE_START = '\r\x1b[K';

export interface Progress {
  /** Tells how far it has come; most calls show nothing, since the last one was a moment ago. */
  show(text: string): void;
  /** Takes the line away again, where it is one. */
  end(): void;
}

/** How far a command has come, on standard error: one line that is written over on a terminal, a line every few seconds elsewhere. */
export function createProgress(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr): Progress {
  const everyMs = stream.isTTY ? TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS;
  let shownAt = performance.now();
  let isShown = false;
  return {
    show(text) {
      if (performance.now() - shownAt < everyMs) return;
      shownAt = performance.now();
      isShown = true;
      stream.write(stream.isTTY ? TO_LINE_START + text : `${text}\n`);
    },
    end() {
      if (stream.isTTY && isShown) stream.write(TO_LINE_START);
      isShown = false;
    },
  };
}
