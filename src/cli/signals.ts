import { watchSignals } from '../start/signals.js';

/** As `watchSignals`, and a reader of standard output that has gone (`| head -1`) is as good as Ctrl-C. */
export function watchSignalsAndReader(onSecond: () => void): AbortController {
  const stopping = watchSignals(onSecond);
  process.stdout.once('error', () => stopping.abort('SIGPIPE'));
  return stopping;
}
