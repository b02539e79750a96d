import type { components } from '@hookline/client';
import { counted } from '../../../doctor/told.js';
import { HooklineError } from '../../../errors.js';
import type { Cell } from '../../table.js';
import { timeOf } from '../../times.js';
import { number } from '../../words.js';
import type { Column } from '../rows.js';
import type { Style } from '../style.js';

export type Replay = components['schemas']['Replay'];

const BAR_WIDTH = 20;
const STYLES: Readonly<Record<Replay['state'], Style>> = {
  running: 'cyan',
  completed: 'green',
  cancelled: 'yellow',
  expired: 'red',
};
const WAITS: Readonly<Record<NonNullable<Replay['waiting_for']>, string>> = {
  inactive: 'the webhook is inactive',
  unverified: 'its URL has not been verified',
  paused: 'its endpoint asked for a pause',
  backlog: 'what is to be sent before takes its time',
};

export const REPLAY_COLUMNS: readonly Column<Replay>[] = [
  { name: 'id', of: ({ id }) => id },
  {
    name: 'state',
    of: ({ state }) => state,
    style: ({ state }) => (Object.hasOwn(STYLES, state) ? STYLES[state] : undefined),
  },
  { name: 'made', of: ({ created, total }) => `${number(created)} of ${number(total)}` },
  { name: 'begun', of: ({ created_at: at }) => timeOf(at), isOptional: true },
  { name: 'ended', of: ({ ended_at: at }) => timeOf(at), isOptional: true },
  { name: 'of', of: ({ status_filter: filter }) => filter, isOptional: true },
  { name: 'webhook', of: ({ webhook_id: id }) => id, isOptional: true },
];

/** What a person asks of one replay. */
export function replayPairs(replay: Replay): [string, Cell][] {
  const { state, waiting_for: waiting, since, until } = replay;
  return [
    ['replay', replay.id],
    ['state', waiting === null ? state : `${state}, waits: ${WAITS[waiting] ?? waiting}`],
    ['made', `${number(replay.created)} of ${number(replay.total)} deliveries`],
    ['of', `${replay.status_filter} deliveries made from ${timeOf(since) ?? 'the beginning'} to ${timeOf(until)}`],
    ['rate', `${replay.rate_per_second} a second`],
    ['webhook', replay.webhook_id],
    ['begun', timeOf(replay.created_at)],
    ['ended', timeOf(replay.ended_at)],
  ];
}

/** How far it is, in one line. */
export function progressLine({ created, total, waiting_for: waiting, rate_per_second: rate }: Replay): string {
  const share = total > 0 ? Math.min(1, created / total) : 1;
  const full = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
  const left = Math.ceil((total - created) / rate);
  const rest = waiting === null ? `about ${durationOf(Math.max(0, left))} left` : `waits: ${WAITS[waiting] ?? waiting}`;
  return `${bar} ${Math.floor(share * 100)} %, ${number(created)} of ${number(total)}, ${rest}`;
}

/** `replay_not_completed`, for one that ended before. */
export function notCompleted({ id, state, created, total }: Replay): HooklineError {
  const hint =
    state === 'expired'
      ? `It waited for its webhook for too long: hookline replay show ${id}.`
      : 'Begin another one, for what is left of the time.';
  return new HooklineError(
    'replay_not_completed',
    `The replay is ${state}: it has made ${number(created)} of ${number(total)} deliveries.`,
    { hint },
  );
}

export function deliveriesOf(count: number): string {
  return counted(count, 'delivery', 'deliveries');
}

export function durationOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
