import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/** How long a shutdown may take in all. Kubernetes and Docker Compose are often set to 30 s before they kill. */
export const SHUTDOWN_WITHIN_MS = 25_000;

const KEPT_FOR_A_PHASE_MS = 1_000;

/** One step of a shutdown: it starts when the phases before it have ended or used up their time. */
export interface Phase {
  readonly name: string;
  /** Stops what it is about. `boundMs` is what is left of the time. */
  run(boundMs: number): Promise<unknown>;
}

/**
 * Makes the function that stops a process: phase after phase, within `withinMs` in all, once. Calls after the first give the same promise.
 * A phase that fails or takes too long is logged and passed over, so that it does not keep the later ones from running: a second of the
 * time is kept for each of those.
 */
export function createShutdown(
  phases: readonly Phase[],
  log: Logger,
  withinMs = SHUTDOWN_WITHIN_MS,
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= runPhases(phases, log, withinMs);
    return stopping;
  };
}

async function runPhases(phases: readonly Phase[], log: Logger, withinMs: number): Promise<void> {
  const endsAt = performance.now() + withinMs;
  for (const [index, phase] of phases.entries()) {
    const keptForLater = KEPT_FOR_A_PHASE_MS * (phases.length - 1 - index);
    const boundMs = Math.max(endsAt - performance.now() - keptForLater, KEPT_FOR_A_PHASE_MS);
    const timer = new AbortController();
    const late = sleep(boundMs, 'late' as const, { signal: timer.signal }).catch(() => undefined);
    try {
      const ended = await Promise.race([phase.run(boundMs), late]);
      if (ended === 'late') log.warn({ phase: phase.name, boundMs }, 'shutdown.phase_late');
    } catch (error) {
      log.error({ err: error, phase: phase.name }, 'shutdown.phase_failed');
    } finally {
      timer.abort();
    }
  }
}
