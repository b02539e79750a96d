import { constants } from 'node:os';
import type { Logger } from 'pino';

const LOOK_FOR_PARENT_EVERY_MS = 500;

/** What a shell reports of a process that the signal ended: 130 for SIGINT, 143 for SIGTERM. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Gives a controller that the first SIGTERM or SIGINT aborts, with the signal's name for a reason. A second signal exits at once, with
 * `exitCodeOf` it, after `onSecond`.
 */
export function watchSignals(onSecond: (signal: NodeJS.Signals) => void): AbortController {
  const stopping = new AbortController();
  // What aborts it otherwise is not counted: systemd sends SIGTERM to all processes of a service, to workers beside the supervisor that stops them.
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) {
      onSecond(signal);
      process.exit(exitCodeOf(signal));
    }
    stopping.abort(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Not by way of onSignal: Ctrl-C reaches the shell too, whose end must not count as a second signal.
  whenNpmIsGone(() => stopping.abort('SIGTERM'));
  return stopping;
}

/** Waits for the abort, and gives the signal that it was for. */
export function aborted(signal: AbortSignal): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}

/**
 * Runs a service until SIGTERM or SIGINT, then stops it and exits 0. A signal during the start is kept until the start is done, since a
 * data folder half made is worth nothing. A second signal exits at once, non-zero.
 */
export async function runUntilSignal(start: () => Promise<{ stop(): Promise<void> }>, log: Logger): Promise<void> {
  const stopping = watchSignals((signal) => log.warn({ signal }, 'shutdown.cut_short'));
  whenSupervisorIsGone(() => stopping.abort('SIGTERM'));
  const running = await start();
  const signal = await aborted(stopping.signal);
  log.info({ signal }, 'shutdown.started');
  await running.stop();
  log.info('shutdown.done');
  process.exit(0);
}

/** A worker of `--workers` is told to stop by the end of its connection to the supervisor, which also comes when that one is killed. */
function whenSupervisorIsGone(then: () => void): void {
  if (process.send === undefined) return;
  // It may have come while the program was being loaded.
  if (!process.connected) then();
  process.once('disconnect', then);
  // The listener alone must not keep a process from ending that could not start.
  process.channel?.unref();
}

/**
 * npx and `npm run` put a shell between, which SIGTERM ends without telling its child: the service would go on as an orphan, holding port
 * and data folder. So under npm, losing the parent counts as SIGTERM.
 */
function whenNpmIsGone(then: () => void): void {
  if (process.env['npm_command'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, LOOK_FOR_PARENT_EVERY_MS);
  timer.unref();
}
