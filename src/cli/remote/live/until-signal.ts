import { exitCodeOf, watchSignals } from '../../../start/signals.js';
import { exitWith } from '../../exit.js';
import { watchSignalsAndReader } from '../../signals.js';

/**
 * Runs what goes on until somebody ends it. Ctrl-C and SIGTERM are its ordinary end, and so is a reader that has gone (`| head -1`): exit code 0. A second signal ends at
 * once, with 130 or 143. Throws what `work` throws.
 */
export async function untilSignal(work: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = watchSignalsAndReader(() => undefined);
  await work(stopping.signal);
  await exitWith(0);
}

/** Runs what is to come to its end. Ctrl-C breaks it off, with 130; `stopped` says then what goes on without it. Throws what `work` throws. */
export async function unlessSignal(work: (stop: AbortSignal) => Promise<void>, stopped: () => void): Promise<void> {
  const stopping = watchSignals(() => undefined);
  try {
    await work(stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    stopped();
    await exitWith(exitCodeOf(stopping.signal.reason));
  }
}
