import { waitUntil } from '../harness/wait-until.js';

/** One event of a stream as it came over the wire. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  /** As JSON. */
  readonly data: Record<string, unknown>;
}

export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly StreamEvent[];
  /** Comment lines. */
  readonly comments: readonly string[];
  /** The id of the last block, also of one without data. */
  readonly lastId: string | undefined;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  /** Waits until so many events of the name have come, and gives them. */
  waitFor(event: string, count?: number): Promise<readonly StreamEvent[]>;
  close(): Promise<void>;
}

export interface StreamRequest {
  readonly bearer?: string;
  readonly cookie?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly lastEventId?: string | undefined;
}

/** GET /v1/deliveries/stream. */
export function streamRequest(
  url: string,
  { bearer, cookie, query = {}, lastEventId }: StreamRequest,
): [URL, RequestInit] {
  const address = new URL(`${url}/v1/deliveries/stream`);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const headers = {
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(cookie !== undefined && { cookie }),
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  return [address, { headers }];
}

/** Opens a live stream and reads it until it is closed. Throws when it is refused. */
export async function openStream(url: string, request: StreamRequest): Promise<EventStream> {
  const closing = new AbortController();
  const [address, init] = streamRequest(url, request);
  const response = await fetch(address, { ...init, signal: closing.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`refused: ${await response.text()}`);
  const events: StreamEvent[] = [];
  const comments: string[] = [];
  let lastId: string | undefined;
  const take = (block: string): void => {
    const fields = block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
    const field = (name: string) => fields.find(([given]) => given === name)?.[1];
    lastId = field('id') ?? lastId;
    comments.push(...fields.flatMap(([name, text]) => (name === '' && text !== undefined ? [text] : [])));
    const event = field('event');
    if (event !== undefined) events.push({ id: field('id'), event, data: JSON.parse(field('data') ?? '') });
  };
  const ended = read(response.body, take).catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });
  const stream: EventStream = {
    status: response.status,
    headers: response.headers,
    events,
    comments,
    get lastId() {
      return lastId;
    },
    ended,
    async waitFor(event, count = 1) {
      const all = () => events.filter((one) => one.event === event);
      const message = () => `${count} of ${event}; there are ${events.map((one) => one.event).join()}`;
      await waitUntil(() => all().length >= count, { message });
      return all();
    },
    async close() {
      closing.abort();
      await ended;
    },
  };
  await stream.waitFor('open');
  return stream;
}

async function read(body: ReadableStream<Uint8Array>, take: (block: string) => void): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) take(block);
  }
}
