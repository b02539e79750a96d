import { createHash, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type CallbackBody, readCallback } from './callback-body.js';

/**
 * What the gateway makes of a callback. Its public documentation tells only of the 5 minutes, so the statuses are ours:
 * - accepted 200: the first in time.
 * - repeated 200: the accepted one again, since a caller whose answer was lost sends again; also after the time.
 * - conflicting 409: another one than the accepted.
 * - late 410: after the time.
 * - unauthorized 401, unknown_channel 404; malformed 400, or 415 for another media type and 413 for more than 10 MiB.
 * - failed: it met a fault before the gateway looked at it, and counts for nothing.
 */
export type Verdict =
  | 'accepted'
  | 'repeated'
  | 'conflicting'
  | 'late'
  | 'unauthorized'
  | 'unknown_channel'
  | 'malformed'
  | 'failed';

export interface SimCallback {
  /** Of the path; null when the path is none of a callback. */
  readonly channelId: string | null;
  /** When its body had come, in milliseconds since 1970. */
  readonly at: number;
  readonly verdict: Verdict;
  /** What it was answered; null when a fault left it unanswered. */
  readonly status: number | null;
  /** Why, in words; null for those that were taken. */
  readonly reason: string | null;
  /** Where it is well formed and authorised. */
  readonly body: CallbackBody | null;
  readonly raw: Buffer;
}

/** A callback as it came over the wire. */
export interface IncomingCallback {
  readonly channelId: string | null;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  /** Null: larger than the limit. */
  readonly raw: Buffer | null;
}

/** What a callback is judged by: the one that was accepted before, and whether the time is over. */
export interface CallbackWindow {
  readonly accepted: SimCallback | undefined;
  readonly isOver: boolean;
}

export type Judgement = Pick<SimCallback, 'verdict' | 'reason' | 'body'> & { readonly status: number };

/** Judges a callback, and changes nothing. `channel` is that of its path, if there is one. */
export function judge(incoming: IncomingCallback, channel: CallbackWindow | undefined, apiKey: string): Judgement {
  if (!isSame(incoming.authorization ?? '', `Bearer ${apiKey}`)) {
    return refusal(401, 'unauthorized', 'Authorization must be Bearer and the API key.');
  }
  if (channel === undefined) return refusal(404, 'unknown_channel', 'No webhook of this channel was sent.');
  if (!/^application\/json\s*(;|$)/i.test(incoming.contentType ?? '')) {
    return refusal(415, 'malformed', 'Content-Type must be application/json.');
  }
  if (incoming.raw === null) return refusal(413, 'malformed', 'The body is larger than 10 MiB.');
  const read = readCallback(incoming.raw);
  if ('wrong' in read) return refusal(400, 'malformed', read.wrong);
  const { body } = read;
  if (channel.accepted !== undefined) {
    return isDeepStrictEqual(channel.accepted.body, body)
      ? { verdict: 'repeated', status: 200, reason: null, body }
      : { ...refusal(409, 'conflicting', 'Another callback was accepted before.'), body };
  }
  if (channel.isOver) return { ...refusal(410, 'late', 'The time for the callback is over.'), body };
  return { verdict: 'accepted', status: 200, reason: null, body };
}

function refusal(status: number, verdict: Verdict, reason: string): Judgement {
  return { verdict, status, reason, body: null };
}

/** In constant time; digests are of one length, which that needs. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
