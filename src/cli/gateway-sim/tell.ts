import { succeeded } from '../../dev/gateway-sim/attempt.js';
import { type CallbackBody, recordIdOf } from '../../dev/gateway-sim/callback-body.js';
import type { Change } from '../../dev/gateway-sim/changes.js';
import type { SimRequest } from '../../dev/gateway-sim/request.js';
import { printableLine } from '../printable.js';

const CHANNEL_WIDTH = 10;
const QUOTED_LENGTH = 120;

/** One line for people about a change. */
export function lineOf(change: Change): string {
  if (change.kind === 'callback') {
    const { channelId, verdict, status, reason, body } = change.callback;
    const what = verdict === 'accepted' ? `callback: ${contentOf(body)}` : `callback ${verdict.replaceAll('_', ' ')}`;
    const why = reason === null ? '' : `: ${reason}`;
    return `${shortened(channelId)} ◀ ${what}${why} ▶ ${status ?? 'no answer'}`;
  }
  const { request } = change;
  if (change.kind === 'timed_out') return `${who(request)} ✘ timed out: the callback did not come in time`;
  if (change.kind === 'dead_lettered') {
    const count = request.attempts.length;
    return `${who(request)} ✘ dead letter after ${count} ${count === 1 ? 'attempt' : 'attempts'}`;
  }
  const { attempt, againInMs } = change;
  const answer =
    attempt.status === null
      ? `no answer (${attempt.error})`
      : `${attempt.status} in ${attempt.timeMs} ms${succeeded(attempt) ? '' : quoted(attempt.body)}`;
  const again = againInMs === null ? '' : `, again ${againInMs === 0 ? 'at once' : `in ${duration(againInMs)}`}`;
  const repeat = attempt.number === 1 ? '' : `, attempt ${attempt.number}`;
  return `${who(request)} ▶ ${nameOf(request)}${repeat} ◀ ${answer}${again}`;
}

/** The same for programs: one JSON object. */
export function jsonOf(change: Change): string {
  const at = new Date().toISOString();
  if (change.kind === 'callback') {
    const { channelId, verdict, status, reason, body } = change.callback;
    return JSON.stringify({ at, change: change.kind, channel_id: channelId, verdict, status, reason, body });
  }
  const { number, envelope, state } = change.request;
  const request = { request: number, channel_id: envelope.channelId, event: nameOf(change.request), state };
  if (change.kind !== 'attempted') return JSON.stringify({ at, change: change.kind, ...request });
  const { attempt, againInMs } = change;
  const { status, error, timeMs } = attempt;
  return JSON.stringify({
    at,
    change: change.kind,
    ...request,
    attempt: attempt.number,
    status,
    error,
    time_ms: timeMs,
    again_in_ms: againInMs,
  });
}

function nameOf({ envelope }: SimRequest): string {
  return printableLine(envelope.event ?? envelope.type ?? 'webhook');
}

function who({ envelope, number }: SimRequest): string {
  return envelope.channelId === null ? `#${number}`.padEnd(CHANNEL_WIDTH) : shortened(envelope.channelId);
}

/** The beginning of an id is enough to tell apart what is on one screen. */
function shortened(channelId: string | null): string {
  const shown = printableLine(channelId ?? '?');
  return (shown.length > CHANNEL_WIDTH ? `${shown.slice(0, CHANNEL_WIDTH - 1)}…` : shown).padEnd(CHANNEL_WIDTH);
}

/** What the receiver says against the webhook, in one line. */
function quoted(body: string): string {
  const text = printableLine(body.trim().replace(/\s+/g, ' '));
  return text === '' ? '' : ` ${text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text}`;
}

function contentOf(body: CallbackBody | null): string {
  if (body === null) return '';
  if ('error' in body) return printableLine(body.message === undefined ? body.error : `${body.error}: ${body.message}`);
  const id = recordIdOf(body);
  return id === undefined ? 'data' : `stored as record ${printableLine(id)}`;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  return seconds < 7_200 ? `${Number((seconds / 60).toFixed(1))} min` : `${Number((seconds / 3_600).toFixed(1))} h`;
}
