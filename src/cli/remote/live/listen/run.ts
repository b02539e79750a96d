import type { DeliveryChange, HooklineClient } from '@hookline/client';
import { note } from '../../output.js';
import type { StreamQuery } from '../filter.js';
import { follow } from '../follow.js';
import { interruptions } from '../interruptions.js';
import { isSuccess } from '../text.js';
import { attemptedSince, MOST_CAUGHT_UP } from './catch-up.js';
import { attemptIn, createDue } from './due.js';
import { forwarder } from './forward.js';
import { createLane } from './lane.js';
import { patiently } from './patiently.js';
import { createTargetAgent } from './target.js';
import { type Summary, tellForwarded, tellSummary } from './told.js';

type Delivery = DeliveryChange['delivery'];

/** So many deliveries wait here for a slow local server; the rest waits at Hookline. */
const MOST_WAITING = 1_000;

export interface ListenRun {
  readonly client: HooklineClient;
  readonly query: StreamQuery;
  /** The local server. */
  readonly forward: string;
  readonly allowRemote: boolean;
  readonly timeoutMs: number;
  /** How many requests are open at a time; 1 keeps the order of the attempts. */
  readonly concurrency: number;
  /** Also later attempts of what the local server has answered 2xx. */
  readonly everyAttempt: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: boolean;
}

/**
 * Forwards attempts of deliveries as they are made, printing what came of each, until `stop`, and then the counts, which it gives. Throws what the stream throws, when it is refused
 * or its token has ended; the counts are told before.
 */
export async function runListen(run: ListenRun, stop: AbortSignal): Promise<Summary> {
  const { client, query, forward, json } = run;
  const ending = new AbortController();
  const stopping = AbortSignal.any([stop, ending.signal]);
  const dispatcher = createTargetAgent(run.allowRemote);
  const connection = interruptions(json);
  const due = createDue(run.everyAttempt);
  const lane = createLane(run.concurrency, MOST_WAITING);
  const send = forwarder({ ...run, dispatcher, url: forward, stop: stopping });
  const counts = { forwarded: 0, succeeded: 0, refused: 0, unanswered: 0, cut_off: 0, gaps: 0 };
  const failures: unknown[] = [];
  let isOpen = false;
  /** By this machine's clock until the server has told a time of its own. */
  let begun = new Date();
  let lastSeen = begun;

  /** What cannot be forwarded any more, since the token has ended say, ends the stream, too. */
  function fail(error: unknown): undefined {
    if (!stopping.aborted) failures.push(error);
    ending.abort();
  }

  async function one(delivery: Delivery): Promise<void> {
    if (!due.take(delivery)) return;
    const forwarded = stopping.aborted ? undefined : await send(delivery).catch(fail);
    if (forwarded === undefined) {
      counts.cut_off += 1;
      return;
    }
    counts.forwarded += 1;
    if (forwarded.status === null) counts.unanswered += 1;
    else counts[isSuccess(forwarded.status) ? 'succeeded' : 'refused'] += 1;
    if (isSuccess(forwarded.status)) due.accepted(delivery);
    tellForwarded(forwarded, json);
  }

  async function catchUp(): Promise<void> {
    counts.gaps += 1;
    const gap = { since: lastSeen, begun, isDue: due.wants };
    const { deliveries, isCut } = await patiently(stopping, () => attemptedSince(client, query, gap, stopping));
    const since = `${lastSeen.toISOString().slice(0, 19)}Z`;
    note(`Some changes cannot be told any more: deliveries are looked up since ${since}.`, { json });
    if (isCut)
      note(`Of more than ${MOST_CAUGHT_UP} the older ones are left out: hookline deliveries list has them.`, { json });
    for (const delivery of deliveries) await lane.give(() => one(delivery));
  }

  async function read(): Promise<void> {
    for await (const item of follow({ client, query, stop: stopping, onInterrupted: connection.broke })) {
      connection.isBack();
      isOpen = true;
      if ('delivery' in item) {
        const delivery = attemptIn(item);
        if (delivery !== undefined) await lane.give(() => one(delivery));
        lastSeen = new Date(item.changed_at);
        if (lastSeen < begun) begun = lastSeen;
      } else if (item.kind === 'gap') await catchUp();
      else note(`Forwarding to ${withoutCredentials(forward)}. Ctrl-C ends it.`, { json });
    }
  }

  await read().catch(fail);
  ending.abort();
  await lane.done();
  await dispatcher.destroy();
  const summary = { ...counts, interruptions: connection.count() };
  if (isOpen || failures.length === 0) tellSummary(summary, json);
  if (failures.length > 0) throw failures[0];
  return summary;
}

function withoutCredentials(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
