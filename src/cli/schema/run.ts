import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { loadConfig } from '../../config.js';
import { HooklineError } from '../../errors.js';
import type { Provider, Waiting } from '../../schema/provider.js';
import { aborted, exitCodeOf, watchSignals } from '../../start/signals.js';
import { exitWith } from '../exit.js';
import { toldOf } from '../print-error.js';
import { safeJson } from '../remote/style.js';
import { createWaitProgress } from '../wait-progress.js';
import { LintError } from './findings.js';
import { jsonOf, snakeCased } from './json.js';

const FAILED = 1;
/** How long what was broken off may take to come to a clean end. */
const STOP_MS = 10_000;
const CLOSE_MS = 2_000;

export interface CommonOptions {
  readonly json?: boolean;
  readonly provider?: Provider['name'];
}

/** What a command prints with. */
export interface Out {
  /** The result: JSON with `--json`, else the text. */
  result(value: unknown, text: string): void;
  /** A word to people beside the result, on standard error; nothing with `--json`. */
  note(text: string): void;
  /** An empty line between a result and the error after it, where people read both: on a terminal. */
  apart(): void;
}

export interface Run extends Out {
  readonly provider: Provider;
  /** For what takes its time: shows how far it is, and ends at Ctrl-C. */
  waiting(timeoutSeconds: number): Waiting;
}

export interface OnSignal {
  /** `stop`: at once. `settle`: what waits is told to, and gets a moment. `finish`: what runs has to come to its end. */
  readonly signal: 'stop' | 'settle' | 'finish';
  /** Says what state things are in then; `settled` when what ran came to its end in the moment that it was given. */
  readonly stopped?: (provider: Provider, settled: boolean) => Promise<string>;
}

/**
 * Runs a command on the provider that the settings name, and closes it. A number that it gives is what the process ends with. With `--json`, errors are JSON on standard error. SIGINT ends with 130 and says what
 * goes on without the command.
 */
export async function withProvider(
  options: CommonOptions,
  work: (run: Run) => Promise<unknown>,
  onSignal: OnSignal = { signal: 'stop' },
): Promise<void> {
  const { json = false } = options;
  await tellingErrors(json, async () => {
    const stopping = watchSignals(() => console.error('Stopped at once.'));
    const progress = json ? undefined : createWaitProgress();
    const { openProvider } = await import('../../schema/open-provider.js');
    const provider = openProvider(loadConfig(process.env), options);
    try {
      const done = work({
        ...outOf(json, () => progress?.end()),
        provider,
        waiting: (timeoutSeconds) => ({
          timeoutMs: timeoutSeconds * 1_000,
          onProgress: (text) => progress?.show(text),
          signal: stopping.signal,
        }),
      });
      const signal = await Promise.race([done.then(() => undefined), aborted(stopping.signal)]);
      if (signal === undefined) return await done;
      progress?.end();
      const isSettled = await settled(done, onSignal.signal);
      console.error((await stateAfter(provider, onSignal, isSettled)) ?? 'Stopped.');
      return exitCodeOf(signal);
    } finally {
      progress?.end();
      await Promise.race([provider.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
    }
  });
}

/** Runs what needs no provider. */
export async function withoutProvider(options: CommonOptions, work: (out: Out) => Promise<unknown>): Promise<void> {
  const { json = false } = options;
  await tellingErrors(json, () => work(outOf(json)));
}

async function tellingErrors(json: boolean, work: () => Promise<unknown>): Promise<void> {
  try {
    const code = await work();
    if (typeof code === 'number' && code !== 0) await exitWith(code);
  } catch (error) {
    if (!json || error instanceof CommanderError) throw error;
    console.error(safeJson(JSON.stringify({ error: { ...toldOf(error), ...lintOf(error) } })));
    await exitWith(FAILED);
  }
}

function lintOf(error: unknown): { findings?: unknown } {
  return error instanceof LintError ? { findings: snakeCased(error.lint) } : {};
}

function outOf(json: boolean, before: () => void = () => undefined): Out {
  return {
    result(value, text) {
      before();
      console.log(json ? safeJson(jsonOf(value)) : text);
    },
    note(text) {
      if (json) return;
      before();
      console.error(text);
    },
    apart() {
      if (!json && process.stdout.isTTY) console.error('');
    },
  };
}

async function settled(work: Promise<unknown>, how: OnSignal['signal']): Promise<boolean> {
  if (how === 'stop') return false;
  const end = work.then(
    () => true,
    // With the database gone nothing was put in order.
    (error: unknown) => !(error instanceof HooklineError && error.code === 'database_unavailable'),
  );
  if (how === 'settle') return Promise.race([end, sleep(STOP_MS, false, { ref: false })]);
  console.error('It comes to its end first, so that nothing is half done. Ctrl-C again ends it at once.');
  return end;
}

async function stateAfter(provider: Provider, { stopped }: OnSignal, isSettled: boolean): Promise<string | undefined> {
  if (stopped === undefined) return undefined;
  const state = stopped(provider, isSettled).catch(() => undefined);
  return Promise.race([state, sleep(STOP_MS, undefined, { ref: false })]);
}
