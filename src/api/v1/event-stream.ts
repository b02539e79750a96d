import { HooklineError } from '../../errors.js';
import type { Change, LiveItem } from '../../live/change.js';
import { toProblem } from '../problem.js';
import type { StreamEnd } from './stream-end.js';

/** What a browser waits before it connects again. */
const RECONNECT_MS = 2_000;
/** So many characters, or a little more, wait for a slow reader. */
const CHUNK = 65_536;

/**
 * A stream as server-sent events (the HTML standard, 9.2): `open`, `gap` and one event for each change, named by its kind; a comment when nothing happens, so
 * that proxies and both ends know that the connection lives. Each carries the id to go on from. The last one, `end`, tells why the server ended it.
 */
export async function* serverSentEvents(items: AsyncIterable<LiveItem>, end: StreamEnd): AsyncGenerator<string, void> {
  yield `retry: ${RECONNECT_MS}\n\n`;
  for await (const item of items) {
    for (const text of textsOf(item)) yield* end.handedOver(text);
  }
  const reason = end.reason ?? (end.signal.aborted ? undefined : new HooklineError('shutting_down'));
  if (reason !== undefined) yield `event: end\ndata: ${JSON.stringify(toProblem(reason))}\n\n`;
}

function* textsOf(item: LiveItem): Generator<string, void> {
  switch (item.what) {
    case 'changes':
      yield* chunksOf(item.changes);
      // What a filter left out need not be read again.
      if (item.changes.at(-1)?.position !== item.position) yield `id: ${item.position}\n\n`;
      return;
    case 'idle':
      return yield `: heart-beat\nid: ${item.position}\n\n`;
    case 'open':
      return yield `id: ${item.position}\nevent: open\ndata: {}\n\n`;
    case 'gap':
      return yield `id: ${item.position}\nevent: gap\ndata: {"detail":"Some changes cannot be told any more: list the deliveries again."}\n\n`;
  }
}

function* chunksOf(changes: readonly Change[]): Generator<string, void> {
  let text = '';
  for (const change of changes) {
    text += eventOf(change);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function eventOf({ position, kind, body }: Change): string {
  return `id: ${position}\nevent: ${kind}\ndata: ${body}\n\n`;
}
