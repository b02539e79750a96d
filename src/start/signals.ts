import type { Logger } from 'pino';

/** Exit code of a process that a second signal ended: 128 + SIGINT, as a shell reports it. */
const ENDED_BY_SIGNAL = 130;
const LOOK_FOR_PARENT_EVERY_MS = 500;

/**
 * Runs a service until SIGTERM or SIGINT, then stops it and exits 0. A signal during the start is kept until the start is done, since a
 * data folder half made is worth nothing. A second signal exits at once, non-zero.
 */
export async function runUntilSignal(start: () => Promise<{ stop(): Promise<void> }>, log: Logger): Promise<void> {
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    let seen = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (seen) process.exit(ENDED_BY_SIGNAL);
      seen = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    // Not by way of onSignal: Ctrl-C reaches the shell too, whose end must not count as a second signal.
    whenNpmIsGone(() => {
      seen = true;
      resolve('SIGTERM');
    });
  });
  const running = await start();
  const signal = await signalled;
  log.info({ signal }, 'shutdown.started');
  await running.stop();
  log.info('shutdown.done');
  process.exit(0);
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
