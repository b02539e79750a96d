import { quantile, rounded } from '../numbers.js';
import { table } from '../report/markdown.js';
import type { Row } from '../report/section.js';
import type { Costs, Measurement } from './costs.js';
import { simulate } from './pipeline.js';
import { HEADROOM, LIMITS, type Load, size, triggerUs, USUAL } from './sizing.js';
import { english, type Wording } from './wording.js';

const LOADS = [10_000, 30_000, 100_000, 300_000, 1_000_000] as const;
/** One thing is changed at a time. */
const CHANGES: Readonly<Record<string, Partial<Load>>> = {
  'endpoints take 20 ms': { latencyMs: { median: 20, sigma: 1 } },
  'endpoints take 1 s': { latencyMs: { median: 1_000, sigma: 1 } },
  '2 % of the calls hang for 30 s': { hanging: 0.02 },
  'a fifth of the calls fails': { failing: 0.2 },
  'payloads of 500 bytes': { payloadBytes: 500 },
  'payloads of 20 KB': { payloadBytes: 20_000 },
  'an event reaches 1 webhook': { fanOut: 1 },
  'an event reaches 100 webhooks': { fanOut: 100 },
  'kept for 30 days': { retentionDays: 30 },
};
/** A part of a database's load, with as large a part of its cores and workers, is simulated for so long. */
const CELL_PER_SECOND = 2_000;
const CELL_SECONDS = 1;
const SEED = 1;

const DISTURBED =
  '**Other work had most of this machine meanwhile** (load average {load} at the end). What was measured by the clock is of no use in this run, since the simulation has the cores to itself; CPU time is. Costs are those of a ' +
  'crowded machine, too high rather than too low.';

const USUALLY =
  'Unless a line says otherwise: an event reaches {fanOut} webhooks, payloads of {payloadBytes} bytes, endpoints that take {median} ms (log-normal, σ {sigma}), {failing} % of the calls fail at once and ' +
  '{hanging} % hang for {timeoutSeconds} s, {attempts} attempts, kept for {retentionDays} days. Machines are used to {used} %.';
const DATABASES =
  '“Databases” is how many the load is spread over when one may have {cores} cores, {walMBs} MB/s of write-ahead log and {connections} connections: ' +
  'these limits are assumptions. What one database is short of comes with the shortest first. Disk is a matter of how long deliveries are kept.';

/** What a load needs, in a line. */
export function needs(name: string, load: Load, costs: Costs, words: Wording = english): Row {
  const sizing = size(load, costs);
  return words.row({
    load: name,
    'calls in flight': whole(sizing.inFlight),
    workers: whole(sizing.workers),
    connections: whole(sizing.connections),
    'PostgreSQL cores': whole(sizing.postgresCores),
    'WAL MB/s': whole(sizing.walMBs),
    'stored TB': rounded(sizing.storedTB, 1),
    'out Mbit/s': whole(sizing.egressMbit),
    databases: sizing.databases,
    'one is short of': words.list(sizing.short) || 'nothing',
  });
}

/** How deliveries wait where a load has what it needs, by simulation. */
export function waits(load: Load, costs: Costs, words: Wording = english): Row {
  const sizing = size(load, costs);
  const part = Math.min(1, CELL_PER_SECOND / sizing.attempts);
  const perSecond = Math.round(sizing.attempts * part);
  const workers = Math.max(1, Math.round(sizing.workers * part));
  const cores = Math.max(1, Math.round(sizing.postgresCores * part));
  const outcome = simulate(
    {
      seed: SEED,
      workers,
      webhooks: 1_000,
      callsPerWebhook: 2 * workers + 16,
      cores: { postgres: cores },
      backlog: 0,
      perSecond,
      seconds: CELL_SECONDS,
      latencyMs: load.latencyMs,
      failing: 0,
      retrySeconds: 60,
      attempts: 1,
    },
    { ...costs, triggerUs: triggerUs(load, costs) },
  );
  return words.row({
    simulated: words.say('{calls} calls/s, {workers} workers, {cores} cores of PostgreSQL', {
      calls: whole(perSecond),
      workers,
      cores,
    }),
    'commit → call, p50 ms': rounded(quantile(outcome.waits, 0.5), 1),
    'p99 ms': rounded(quantile(outcome.waits, 0.99), 1),
    'most calls in flight': outcome.mostInFlight,
    'PostgreSQL busy': rounded(outcome.postgresMs / (1000 * CELL_SECONDS * cores)),
    'workers busy': rounded(outcome.workersMs / (1000 * CELL_SECONDS * workers)),
  });
}

/** The part of docs/scale.md that is made from a measurement. */
export function scaleText({ at, load, machine, costs, checked }: Measurement, words: Wording = english): string {
  const { say } = words;
  const { cpu, cores, node, postgres } = machine;
  return [
    `## ${say('Checked against real runs')}`,
    say(
      'One worker, PostgreSQL {postgres} and the endpoints on one machine ({cpu}, {cores} cores, Node.js {node}) on {date}; the simulation shares out ' +
        'the same cores and knows nothing but the costs below. One seed; of the real runs medians.',
      { postgres, cpu, cores, node, date: at.slice(0, 10) },
    ),
    ...(load > 2 * cores ? [say(DISTURBED, { load })] : []),
    table(checked.map((row) => words.row(row))),
    `## ${say('What things cost')}`,
    table(
      Object.entries(costs).map(([cost, value]) => words.row({ cost: MEANINGS[cost as keyof Costs], measured: value })),
    ),
    `## ${say('What a load needs')}`,
    say(USUALLY, {
      ...USUAL,
      payloadBytes: whole(USUAL.payloadBytes),
      median: USUAL.latencyMs.median,
      sigma: USUAL.latencyMs.sigma,
      failing: USUAL.failing * 100,
      hanging: USUAL.hanging * 100,
      used: HEADROOM * 100,
    }),
    table(LOADS.map((deliveries) => needs(`${whole(deliveries)}/s`, { ...USUAL, deliveries }, costs, words))),
    say(DATABASES, { ...LIMITS, connections: whole(LIMITS.connections) }),
    say('The same at 10,000 deliveries/s with one thing changed:'),
    table(Object.entries(CHANGES).map(([name, change]) => needs(name, { ...USUAL, ...change }, costs, words))),
    `## ${say('How deliveries wait')}`,
    say(
      'A part of the installation at 10,000 deliveries/s, as large as {calls} calls/s, simulated for {seconds} s from the first event on, when it has what the table says.',
      { calls: whole(CELL_PER_SECOND), seconds: CELL_SECONDS },
    ),
    table([waits(USUAL, costs, words)]),
  ].join('\n\n');
}

const MEANINGS: Readonly<Record<keyof Costs, string>> = {
  workerUs: 'worker, µs of CPU for a delivery of a large batch',
  workerBatchUs: '… for each claim, record, or look that finds nothing',
  postgresUs: 'PostgreSQL, µs of CPU for claiming and recording a delivery in large batches',
  postgresBatchUs: '… for each claim, record, or look that finds nothing',
  triggerUs: 'PostgreSQL, µs of CPU for an event by itself that reaches one webhook',
  triggerManyUs: '… for each delivery of a statement that makes many',
  commitMs: 'ms that an event waits besides: for the disk, the connection, and for a core where others are busy',
  transactionMs: '… that a transaction of the worker waits, which asks several times',
  receiverUs: 'endpoints of the bench, µs of CPU for a call',
  walBytes: 'write-ahead log, bytes for a delivery without its payload',
  walPerPayloadByte: '… for each byte of the payload',
  storedBytes: 'tables and indexes, bytes for a delivery without its payload',
  storedPerPayloadByte: '… for each byte of the payload',
  connections: 'connections to PostgreSQL of a worker under load',
};

/** To two digits where it is large: more would claim more than is known. */
function whole(value: number): string {
  const digits = Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return (Math.ceil(value / 10 ** digits) * 10 ** digits).toLocaleString('en');
}
