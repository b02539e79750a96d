import { type components, HooklineApiError, ok } from '@hookline/client';
import { printableLine } from '../../printable.js';
import { timeOf } from '../../times.js';
import { number } from '../../words.js';
import type { Connection, ConnectionOptions } from '../connection.js';
import { userOf } from '../options.js';
import { printJson, printLine, printRows } from '../output.js';
import type { Column } from '../rows.js';
import { withServer } from '../run.js';
import { countColumns, HOUR_COLUMNS, part, totalLine } from './text.js';

type Overall = components['schemas']['OverallStatistics'];
type Queue = components['schemas']['Queue'];
type Worker = components['schemas']['Worker'];

const HOURS_OF_DAY = 24;
const NO_SERVICE = 'service_key_not_set';
/** Of a longer time the table of hours would be all that is seen. */
const MOST_HOURS_SHOWN = 48;

const WORST_COLUMNS: readonly Column<Overall['worst_webhooks'][number]>[] = [
  { name: 'webhook', of: ({ webhook_id: id }) => id },
  { name: 'name', of: ({ name }) => name, cutTo: 8 },
  ...countColumns<Overall['worst_webhooks'][number]>(),
  { name: 'url', of: ({ url }) => url, cutTo: 16, isOptional: true },
];
const TYPE_COLUMNS: readonly Column<Overall['event_types'][number]>[] = [
  { name: 'event type', of: ({ event_type: type }) => type, cutTo: 16 },
  ...countColumns<Overall['event_types'][number]>(),
];
const WORKER_COLUMNS: readonly Column<Worker>[] = [
  { name: 'worker', of: ({ name }) => name, cutTo: 16 },
  { name: 'alive', of: ({ is_alive: isAlive }) => isAlive, style: ({ is_alive }) => (is_alive ? 'green' : 'red') },
  { name: 'claimed', of: ({ in_flight: count }) => number(count) },
  { name: 'heartbeat', of: ({ heartbeat_at: at }) => timeOf(at), isOptional: true },
  { name: 'started', of: ({ started_at: at }) => timeOf(at), isOptional: true },
];

interface StatsOptions extends ConnectionOptions {
  readonly user?: string;
  readonly hours?: number;
  readonly days?: number;
}

/** `stats`: with `--json` statistics, queue and workers as the API has them; `workers` is null for who may not see them. */
export async function overallStats(options: StatsOptions): Promise<void> {
  const { user, days, hours = (days ?? 1) * HOURS_OF_DAY } = options;
  await withServer(options, async (connection) => {
    const { client } = connection;
    const [statistics, queue, workers] = await Promise.all([
      client.GET('/v1/statistics', { params: { query: { ...userOf(user), hours } } }).then(ok),
      client.GET('/v1/queue', { params: { query: userOf(user) } }).then(ok),
      user === undefined ? workersOf(connection) : null,
    ]);
    if (options.json) printJson({ statistics, queue, workers });
    else printParts(statistics, queue, workers, hours);
  });
}

/** Null for a user: workers serve everybody, and the service alone sees them, which there may be none of. */
async function workersOf({ client }: Connection): Promise<readonly Worker[] | null> {
  try {
    return ok(await client.GET('/v1/workers')).data;
  } catch (error) {
    const isNotService = error instanceof HooklineApiError && (error.status === 403 || error.code === NO_SERVICE);
    if (isNotService) return null;
    throw error;
  }
}

function printParts(
  { hours, data, total, event_types: types, worst_webhooks: worst }: Overall,
  queue: Queue,
  workers: readonly Worker[] | null,
  asked: number,
): void {
  const cut = hours < asked ? `, of the ${asked} that were asked for: there is too much to count` : '';
  printLine(`The last ${spanOf(hours)}${cut}: ${totalLine(total)}`);
  printLine(`Queue: ${printableLine(queueLine(queue))}`);
  if (workers !== null) {
    part('Workers');
    printRows(WORKER_COLUMNS, workers, {
      empty: 'There is none: nothing is sent until a hookline start or worker runs.',
    });
  }
  if (worst.length > 0) {
    part('Most failures');
    printRows(WORST_COLUMNS, worst);
  }
  if (types.length > 0) {
    part('By event type');
    printRows(TYPE_COLUMNS, types);
  }
  if (data.length === 0) return;
  part(data.length > MOST_HOURS_SHOWN ? `By the hour, the last ${MOST_HOURS_SHOWN}` : 'By the hour');
  printRows(HOUR_COLUMNS, data.slice(-MOST_HOURS_SHOWN));
}

function spanOf(hours: number): string {
  const days = hours / HOURS_OF_DAY;
  return days > 1 && Number.isInteger(days) ? `${number(days)} days` : `${number(hours)} hours`;
}

function queueLine({
  waiting,
  retrying,
  in_flight: claimed,
  oldest_due_at: oldest,
  is_capped: isCapped,
}: Queue): string {
  const counts = `${number(waiting)} waiting, ${number(retrying)} to be retried, ${number(claimed)} claimed by workers`;
  const since = oldest === null ? '' : `, the oldest due since ${timeOf(oldest)}`;
  return `${isCapped ? 'at least ' : ''}${counts}${since}`;
}
