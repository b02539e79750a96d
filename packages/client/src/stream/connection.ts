import type { components } from '../api-types.js';
import { HooklineApiError, ok, type Result } from '../client/result.js';
import { type EventBlock, EventBlocks } from './event-blocks.js';
import { within } from './within.js';

export interface ConnectionOptions {
  /** Opens it; the signal closes it. */
  readonly connect: (signal: AbortSignal) => Promise<Result>;
  /** Silent for so long it is taken for dead. */
  readonly silenceMs: number;
  readonly signal: AbortSignal | undefined;
  /** Is told how long the server wants a reader to wait before connecting again. */
  readonly onRetry: (ms: number) => void;
}

/**
 * The blocks of one connection, until it is broken. Leaving the loop closes it. The silence is measured while it is
 * read, so that a slow consumer is no dead connection.
 * @throws HooklineApiError when the server refuses it, or says why it ends it; the reason of the signal; whatever else
 * breaks it, also that the server closed it.
 */
export async function* connection(options: ConnectionOptions): AsyncGenerator<EventBlock, never, void> {
  const { connect, silenceMs, signal, onRetry } = options;
  const closing = new AbortController();
  let reader: ReturnType<ReadableStream<Uint8Array>['getReader']> | undefined;
  try {
    const result = await within(connect(closing.signal), silenceMs, signal);
    ok(result);
    reader = bodyOf(result.response).getReader();
    const decoder = new TextDecoder();
    const blocks = new EventBlocks(onRetry);
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMs, signal);
      if (done) throw new TypeError('The server closed the stream.');
      for (const block of blocks.after(decoder.decode(value, { stream: true }))) {
        if (block.event === 'end') throw ofEnd(block.data, result.response);
        signal?.throwIfAborted();
        yield block;
      }
    }
  } finally {
    closing.abort();
    reader?.cancel().catch(() => undefined);
  }
}

function bodyOf({ body, headers }: Response): ReadableStream<Uint8Array> {
  const type = headers.get('content-type') ?? '';
  if (body === null || !type.startsWith('text/event-stream')) {
    throw new TypeError(
      `What came is no stream of events (content-type: ${type}). Is the URL that of a Hookline server?`,
    );
  }
  return body;
}

/** As the server would have refused it. */
function ofEnd(data: string, { headers }: Response): HooklineApiError {
  const error = JSON.parse(data) as components['schemas']['Problem'];
  return new HooklineApiError({ error, response: new Response(null, { status: error.status, headers }) });
}
