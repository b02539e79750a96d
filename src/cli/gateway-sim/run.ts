import { setTimeout as sleep } from 'node:timers/promises';
import { createEventSource, type Shape } from '../../dev/gateway-sim/events/event-source.js';
import { type GatewaySim, startGatewaySim } from '../../dev/gateway-sim/gateway-sim.js';
import type { SimRequest } from '../../dev/gateway-sim/request.js';
import { readWebhooks } from '../../dev/gateway-sim/webhook-files.js';
import { aborted } from '../../start/signals.js';
import { type Summary, summarise } from './summary.js';
import { jsonOf, lineOf } from './tell.js';

export interface GatewaySimRun {
  readonly to: string;
  readonly secret: string;
  readonly apiKey: string;
  readonly host: string;
  readonly port: number;
  /** Absent: the simulator's own. */
  readonly callbackOrigin?: string;
  readonly timeScale: number;
  readonly legacy: boolean;
  readonly json: boolean;
  /** Webhooks a second; absent: as fast as they are answered, `AT_ONCE` at a time. */
  readonly rate?: number;
  /** How long callbacks are still taken when all is settled, in seconds. */
  readonly lingerS: number;
  /** Sent when there are any; else `count` webhooks are made. */
  readonly files: readonly string[];
  readonly count: number;
  readonly seed: string;
  readonly shape: Shape;
  readonly event?: string;
  readonly userId?: string;
}

const AT_ONCE = 16;

/** Sends what `run` says, printing each change, until all is settled or `stop` is aborted. Throws for files that cannot be read. */
export async function runGatewaySim(run: GatewaySimRun, stop: AbortSignal): Promise<Summary> {
  const fromFiles = readWebhooks(run.files);
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(2).padStart(7)} s`;
  const sim = await startGatewaySim({
    ...run,
    onChange: (change) => console.log(run.json ? jsonOf(change) : `${seconds()}  ${lineOf(change)}`),
  });
  const stopped = aborted(stop);
  try {
    if (!run.json) console.log(beginning(run, sim, fromFiles.length));
    const webhooks = fromFiles.length > 0 ? fromFiles.map(({ body }) => body) : generated(run, sim);
    await sendAll(sim, webhooks, { ...run, stop, stopped });
    if (!run.json) tellOfUnseen(sim.requests);
    await Promise.race([sim.settled(), stopped]);
    await sleep(run.lingerS * 1_000, undefined, { signal: stop }).catch(() => undefined);
  } finally {
    await sim.close();
  }
  return summarise(sim.requests, sim.callbacks);
}

function beginning({ to, count, seed, legacy, timeScale }: GatewaySimRun, sim: GatewaySim, fromFiles: number): string {
  const what = fromFiles > 0 ? `${fromFiles} from files` : `${count} made from seed ${seed}`;
  return [
    `Webhooks:  ${what}, to ${to}, signed ${legacy ? 'in the older scheme' : 'with mr-signature'}`,
    `Callbacks: at ${sim.callbackOrigin}, which the receiver has to allow`,
    ...(timeScale === 1 ? [] : [`Time:      waits and the five minutes of callbacks × ${timeScale}`]),
    '',
  ].join('\n');
}

function* generated({ count, seed, shape, event, userId }: GatewaySimRun, sim: GatewaySim): Generator<object> {
  const source = createEventSource({ seed, shape, event, userId, callbackUrl: sim.callbackUrl });
  for (let made = 0; made < count; made += 1) yield source.next();
}

/** At a rate, webhooks go out whatever becomes of those before, as a gateway's do; without one, a slow receiver slows them down. */
async function sendAll(
  sim: GatewaySim,
  webhooks: Iterable<object>,
  { rate, legacy, stop, stopped }: GatewaySimRun & { readonly stop: AbortSignal; readonly stopped: Promise<unknown> },
): Promise<void> {
  const startedAt = performance.now();
  const open = new Set<Promise<unknown>>();
  let sent = 0;
  for (const webhook of webhooks) {
    if (rate !== undefined) {
      const dueInMs = startedAt + (sent * 1_000) / rate - performance.now();
      if (dueInMs > 0) await sleep(dueInMs, undefined, { signal: stop }).catch(() => undefined);
    } else if (open.size >= AT_ONCE) {
      await Promise.race([...open, stopped]);
    }
    if (stop.aborted) return;
    const first = sim.send(webhook, { scheme: legacy ? 'legacy' : 'mr' }).firstAttempt();
    open.add(first);
    first.then(() => open.delete(first));
    sent += 1;
  }
}

/** A recorded webhook names the callback URL of the gateway that it came from. */
function tellOfUnseen(requests: readonly SimRequest[]): void {
  const urls = requests.flatMap(({ envelope, expectsCallback }) =>
    !expectsCallback && envelope.type === 'task.ai_generated' && envelope.callbackRequired
      ? [envelope.callbackUrl]
      : [],
  );
  const elsewhere = urls.filter((url) => url !== null && URL.canParse(url)).map((url) => new URL(String(url)).origin);
  if (elsewhere.length === 0) return;
  const go = elsewhere.length === 1 ? 'callback goes' : 'callbacks go';
  console.log(`Note: ${elsewhere.length} ${go} to ${[...new Set(elsewhere)].join(', ')}, and will not be seen here.`);
}
