import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadConfig } from '../../config.js';
import { recordIdOf } from '../../dev/gateway-sim/callback-body.js';
import type { Change } from '../../dev/gateway-sim/changes.js';
import { type GatewaySim, startGatewaySim } from '../../dev/gateway-sim/gateway-sim.js';
import { HooklineError } from '../../errors.js';
import { type RunningHookline, startHookline } from '../../main.js';
import { createLogger } from '../../observe/log.js';
import { takeDataFolder } from './data-folder.js';
import { type ReceivedCall, type Subscriber, startSubscriber } from './subscriber.js';
import type { Timeline } from './timeline.js';
import { createVisitor, type Visitor } from './visitor.js';

/** Everybody in the demo: Hookline, and stand-ins for other people's servers, each on a free loopback port. */
export interface Stage {
  readonly hookline: RunningHookline & { readonly url: string };
  readonly gateway: GatewaySim;
  /** Answers 200. */
  readonly steady: Subscriber;
  /** Answers each delivery 500 twice, then 200. */
  readonly flaky: Subscriber;
  /** Opens the dashboard. */
  readonly visitor: Visitor;
  close(): Promise<void>;
}

/** The log of the demo's Hookline, which the timeline leaves to a file. */
export function demoLogFile(dataDir: string): string {
  return join(dataDir, 'demo.log');
}

/** Starts everybody. When one does not start, the others are closed again. */
export async function setStage(dataDir: string, timeline: Timeline): Promise<Stage> {
  const closers: Array<() => Promise<void>> = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const keys = { secret: newKey(), apiKey: newKey() };
    const gateway = await startGatewaySim({ ...keys, onChange: tellCallback(timeline) });
    closers.push(gateway.close);
    const path = `/hooks/${randomUUID()}`;
    const steady = await startSubscriber({ path, failures: 0, onCall: tellCall(timeline, 'subscriber A') });
    closers.push(steady.close);
    const flaky = await startSubscriber({ path, failures: 2, onCall: tellCall(timeline, 'subscriber B') });
    closers.push(flaky.close);

    const visitor = createVisitor();
    const hookline = await startDemoHookline(dataDir, gateway.callbackOrigin, keys, visitor);
    closers.push(hookline.stop);
    return { hookline, gateway, steady, flaky, visitor, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startDemoHookline(
  dataDir: string,
  callbackOrigin: string,
  { secret, apiKey }: { readonly secret: string; readonly apiKey: string },
  visitor: Visitor,
): Promise<Stage['hookline']> {
  // Before the log makes it, readable to everyone.
  takeDataFolder(dataDir);
  const config = loadConfig({
    HOOKLINE_DATA_DIR: dataDir,
    PORT: '0',
    // The stand-ins are on this machine, which deliveries may not reach otherwise.
    HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
    HOOKLINE_CALLBACK_ORIGINS: callbackOrigin,
    MODELRIVER_WEBHOOK_SECRET: secret,
    MODELRIVER_API_KEY: apiKey,
    LOG_LEVEL: process.env['LOG_LEVEL'],
  });
  const log = createLogger(config.logLevel, demoLogFile(dataDir));
  const automaticCredential = () => visitor.credential();
  const options = { api: true, worker: true, log, automaticCredential };
  const hookline = await startHookline(config, options).catch(adviseDataDir);
  if (hookline.url === undefined) throw new Error('Hookline has no URL.');
  return { ...hookline, url: hookline.url };
}

/** The demo reads no environment but LOG_LEVEL, so the hint of a locked folder is another here. */
function adviseDataDir(error: unknown): never {
  if (!(error instanceof HooklineError) || error.code !== 'data_dir_locked') throw error;
  const hint = 'Stop that process, or choose another folder with --data-dir.';
  throw new HooklineError('data_dir_locked', error.message, { hint, cause: error });
}

function newKey(): string {
  return randomBytes(16).toString('hex');
}

function tellCallback(timeline: Timeline): (change: Change) => void {
  return (change) => {
    if (change.kind !== 'callback') return;
    const { verdict, reason, body } = change.callback;
    const what = verdict === 'accepted' && body !== null ? `stored as record ${recordIdOf(body)}` : (reason ?? verdict);
    timeline.tell('AI gateway', `◀ callback: ${what}`);
  };
}

function tellCall(timeline: Timeline, who: string): (call: ReceivedCall) => void {
  return ({ genuine, event, attempt, answered }) =>
    timeline.tell(
      who,
      genuine
        ? `◀ ${event}, attempt ${attempt}, signature verified ▶ answers ${answered}`
        : `◀ a call whose signature is wrong ▶ answers ${answered}`,
    );
}
