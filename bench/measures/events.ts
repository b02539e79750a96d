import { ENDPOINTS } from '../contenders/contender.js';
import type { Sending } from '../events/sender-process.js';
import type { ServerSettings } from '../events/server-process.js';
import { median, rounded } from '../numbers.js';
import type { Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { startChild } from '../stand/child.js';
import { CLIENTS, type TriggerBench, triggerBench } from '../stand/pgbench.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { registerWebhooks } from '../stand/work.js';

const TOGETHER = 100;
const SERVICE_KEY = 'the-service-key-of-the-bench';
const DOES = {
  pgbench: 'pgbench: one trigger_webhook_event a transaction, the schema of the payload unasked',
  single: 'POST /v1/events, one event a request',
  batches: `POST /v1/events, ${TOGETHER} events a request`,
};
type Way = keyof typeof DOES;
const WAYS = Object.keys(DOES) as Way[];

function each<T>(make: () => T): Record<Way, T> {
  return { pgbench: make(), single: make(), batches: make() };
}

/** Events a second that come in over HTTP, singly and in batches, beside pgbench, which calls the database's own function. */
export async function events({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(postgres, 'bench_events');
  const server = startChild(built.path('bench/events/server-process.ts'));
  const sender = startChild(built.path('bench/events/sender-process.ts'));
  const perSecond = each<number[]>(() => []);
  const cpu = each<number[]>(() => []);
  let stall = 0;
  let direct: TriggerBench | undefined;
  try {
    const users = await registerWebhooks(db, receivers, ENDPOINTS);
    const bench = await triggerBench(postgres, url, users);
    direct = bench;
    const address = await server.call<string>('start', { url, serviceKey: SERVICE_KEY } satisfies ServerSettings);
    const shared = { url: address, serviceKey: SERVICE_KEY, users, inFlight: CLIENTS, seconds: sizes.seconds };
    const ways: Record<Way, () => Promise<number>> = {
      pgbench: () => bench.run(sizes.seconds),
      single: () => sender.call<number>('send', { ...shared, together: 1 } satisfies Sending),
      batches: () => sender.call<number>('send', { ...shared, together: TOGETHER } satisfies Sending),
    };
    for (let round = 0; round <= sizes.rounds; round += 1) {
      if (round === 1) await server.call('reset');
      for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
        let rate = Number.NaN;
        const { cpuMs } = await timed({ server: server.pid }, async () => {
          rate = await ways[way]();
        });
        if (round === 0) continue;
        perSecond[way].push(rate);
        cpu[way].push(((cpuMs['server'] ?? Number.NaN) / (rate * sizes.seconds)) * 1_000);
      }
    }
    stall = await server.call<number>('stall');
    await server.call('stop');
  } finally {
    await direct?.remove();
    await sender.stop();
    await server.stop();
    await close();
  }
  const over = (way: Way, other: Way): number =>
    rounded(median(perSecond[way].map((rate, n) => rate / (perSecond[other][n] ?? Number.NaN))));
  return {
    name: 'events',
    title: 'Events over HTTP',
    says:
      `${CLIENTS} at a time, each event of about 500 bytes reaching one webhook, ${sizes.seconds} s a round and way, in turning order after a round that warms up; no worker runs. ` +
      'Server and sender are processes of their own beside PostgreSQL; the server logs as it does by default. µs: CPU time of the server for an event.',
    rows: WAYS.map((way) => ({
      way,
      does: DOES[way],
      'events/s': Math.round(median(perSecond[way])),
      'µs server': way === 'pgbench' ? '' : Math.round(median(cpu[way])),
      rounds: perSecond[way].map(Math.round).join(' '),
    })),
    targets: [
      { what: 'POST /v1/events over pgbench', value: over('single', 'pgbench'), atLeast: 0.7 },
      { what: `batches of ${TOGETHER} over single events`, value: over('batches', 'single'), atLeast: 5 },
      { what: "longest stall of the server's event loop", value: rounded(stall, 1), atMost: 200, unit: 'ms' },
    ],
  };
}
