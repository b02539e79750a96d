import { migrateMysql } from '../../src/db/mysql/migrate.js';
import { startMariadb, withMariadb } from '../../test/harness/services/mariadb.js';
import { median, rounded } from '../numbers.js';
import type { Way, Work } from '../receiving/receiving-process.js';
import type { Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { startChild } from '../stand/child.js';
import type { Stand } from '../stand/stand.js';
import { type Timed, timed } from '../stand/timed.js';

const IN_FLIGHT = 16;
const DATABASE = 'bench_receiving';

const DOES: Readonly<Record<Way, string>> = {
  bare: "the driver's execute of an INSERT of the specified six columns, and nothing besides",
  'bare, whole row':
    "the driver's execute of the very INSERT that our handler sends for one, with its state and its payload, and nothing besides",
  stored:
    'our handler with `gather`, as in the server: verified, stored once with its state and its payload; the callback is refused by its origin',
  'called back': 'the same, and the callback made and recorded before the answer',
  'stored, each alone': 'our handler without `gather`, as in a Worker: a statement for each webhook',
  'called back, each alone': 'the same, with its callback and a statement for its record',
  'as specified':
    "the specification's five steps as a plain handler: INSERT of six columns, callback, nothing kept of either",
};
const WAYS = Object.keys(DOES) as Way[];

function each<T>(make: (way: Way) => T): Record<Way, T> {
  return Object.fromEntries(WAYS.map((way) => [way, make(way)])) as Record<Way, T>;
}

/** Webhooks per second through the real driver and PlanetScale's protocol, in turning order, each beside the driver's own bare INSERT. */
export async function receiving({ built, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const server = await startMariadb();
  const gateway = startChild(built.path('bench/receiving/planetscale-process.ts'));
  // A process for each way: what one does would decide how the engine compiles the driver for the next.
  const handlers = each(() => startChild(built.path('bench/receiving/receiving-process.ts')));
  const perSecond = each<number[]>(() => []);
  const cpu = each<Timed['cpuMs'][]>(() => []);
  try {
    const mysql = `${server.address}${DATABASE}`;
    await withMariadb(server.address, (connection) => connection.query(`CREATE DATABASE ${DATABASE}`));
    await migrateMysql({ url: mysql });
    const url = await gateway.call<string>('start', mysql);
    const shared = { url, callbackUrl: receivers.url('callback'), webhooks: sizes.received, inFlight: IN_FLIGHT };
    for (let round = 0; round <= sizes.rounds; round += 1) {
      for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
        await withMariadb(mysql, (connection) => connection.query('TRUNCATE ai_content'));
        const handler = handlers[way];
        await handler.call('prepare', { ...shared, way } satisfies Work);
        let ms = Number.NaN;
        const processes = { handler: handler.pid, gateway: gateway.pid, 'callback server': receivers.pid };
        const { cpuMs } = await timed(processes, async () => {
          ms = await handler.call<number>('receive');
        });
        if (round === 0) continue;
        perSecond[way].push((sizes.received / ms) * 1_000);
        cpu[way].push(cpuMs);
      }
    }
  } finally {
    for (const handler of Object.values(handlers)) await handler.stop();
    await gateway.stop();
    await server.remove();
  }
  const over = (way: Way): number => median(perSecond[way].map((rate, n) => rate / (perSecond.bare[n] ?? Number.NaN)));
  return {
    name: 'receiving',
    title: 'Receiving AI webhooks',
    says:
      `@planetscale/database as it is, over HTTP to \`hookline planetscale-gateway\` in front of MariaDB (which syncs nothing to disk here), ${IN_FLIGHT} at a time, ` +
      `${sizes.received} webhooks of about 900 bytes a round and way, in turning order after a round that warms up. Handler, gateway, database and the server that takes ` +
      'callbacks share the machine; µs: CPU time of each for a webhook; the handler takes in the requests, which are signed before the clock starts. Each way has a process of its own.',
    rows: WAYS.map((way) => ({
      way,
      does: DOES[way],
      'per second': Math.round(median(perSecond[way])),
      'over bare': rounded(over(way)),
      ...Object.fromEntries(
        ['handler', 'gateway', 'callback server'].map((name) => [
          `µs ${name}`,
          Math.round((median(cpu[way].map((used) => used[name] ?? Number.NaN)) / sizes.received) * 1_000),
        ]),
      ),
      rounds: perSecond[way].map(Math.round).join(' '),
    })),
    targets: [
      { what: "handler without callback over the driver's bare INSERT", value: rounded(over('stored')), atLeast: 0.8 },
      {
        what: "handler with callback over the driver's bare INSERT",
        value: rounded(over('called back')),
        atLeast: 0.4,
      },
    ],
  };
}
