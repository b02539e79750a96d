import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from './wait-until.js';

/** What the receiver does with one request. */
export type Answer =
  | {
      /** Default 200. */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | string[]>>;
      readonly body?: string | Uint8Array;
      /** Waits before the status line. */
      readonly delayMs?: number;
      /** Sends head and body, and never ends the response. */
      readonly neverEnd?: boolean;
    }
  /** Reads the request and never answers. */
  | 'hang'
  /** Reads the request and breaks the connection. */
  | 'destroy';

/** The answers in order, the last one again and again; or a function of the request (`index` counts from 0). */
export type Script = readonly Answer[] | ((request: ReceivedRequest, index: number) => Answer);

/** One request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When its body had come, in milliseconds since 1970. */
  readonly at: number;
}

export interface ReceiverServer {
  /** `http://127.0.0.1:<port>/hook`; every other path is received too. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Replaces the script; its first answer goes to the next request. */
  answerWith(script: Script): void;
  /** Waits until `count` requests have come, and gives all of them. Throws after `timeoutMs` (default 10,000), and what a script threw. */
  waitFor(count: number, timeoutMs?: number): Promise<readonly ReceivedRequest[]>;
  /** Breaks what is open and frees the port. Throws what a script threw, where `waitFor` has not. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts a subscriber on a loopback port that answers by a script (default: 200 to all) and keeps what it got. */
export async function startReceiver(script: Script = [{}]): Promise<ReceiverServer> {
  const requests: ReceivedRequest[] = [];
  let current = script;
  let from = 0;
  let failure: { readonly error: unknown } | undefined;

  const server = createServer((incoming, response) => {
    receive(incoming).then(
      async (request) => {
        requests.push(request);
        try {
          await answer(incoming, response, next(request));
        } catch (error) {
          failure ??= { error };
          incoming.socket.destroy();
        }
      },
      // The sender broke off: that is what some tests are about, and there is nobody to answer.
      () => incoming.socket.destroy(),
    );
  });

  /** Tells what a script threw, which its sender saw as a broken connection alone; once. */
  function tellFailure(): void {
    const failed = failure;
    failure = undefined;
    if (failed !== undefined) throw failed.error;
  }

  function next(request: ReceivedRequest): Answer {
    const index = requests.length - 1 - from;
    if (typeof current === 'function') return current(request, index);
    return current[Math.min(index, current.length - 1)] ?? {};
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    requests,
    answerWith(replacement) {
      current = replacement;
      from = requests.length;
    },
    async waitFor(count, timeoutMs = 10_000) {
      const message = () => `${count} requests at the receiver; ${requests.length} came`;
      const haveCome = (): boolean => {
        tellFailure();
        return requests.length >= count;
      };
      await waitUntil(haveCome, { message, timeoutMs, intervalMs: 5 });
      return requests;
    },
    async close() {
      if (server.listening) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }
      tellFailure();
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = incoming;
  return { method, url, headers, body: Buffer.concat(chunks), at: Date.now() };
}

async function answer(incoming: IncomingMessage, response: ServerResponse, given: Answer): Promise<void> {
  if (given === 'hang') return;
  if (given === 'destroy') {
    incoming.socket.destroy();
    return;
  }
  if (given.delayMs) await sleep(given.delayMs);
  response.writeHead(given.status ?? 200, given.headers);
  if (given.neverEnd) {
    response.flushHeaders();
    if (given.body) response.write(given.body);
  } else {
    response.end(given.body);
  }
}
