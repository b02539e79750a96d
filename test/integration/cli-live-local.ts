import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyWebhook, WebhookVerificationError } from '@hookline/client';
import { waitUntil } from '../harness/wait-until.js';

export interface LocalRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Why it was refused with 401; undefined: it was verified. */
  readonly refusal: string | undefined;
}

export interface Local {
  readonly url: string;
  readonly requests: readonly LocalRequest[];
  /** How many were open at once, at most. */
  readonly mostOpen: number;
  /** The status by the number of the request, from 0; 200 by default. */
  answerWith(status: (request: LocalRequest, index: number) => number): void;
  /** Holds up each answer. */
  delayMs: number;
  waitFor(count: number, timeoutMs?: number): Promise<readonly LocalRequest[]>;
  close(): Promise<void>;
}

/** A subscriber's server on this machine: it verifies what comes with @hookline/client, and answers 401 when it cannot. */
export async function startLocal(secret: string): Promise<Local> {
  const requests: LocalRequest[] = [];
  let statusOf: (request: LocalRequest, index: number) => number = () => 200;
  let open = 0;
  const server = createServer(async (incoming, response) => {
    open += 1;
    local.mostOpen = Math.max(local.mostOpen, open);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const refusal = await verifyWebhook({ headers: incoming.headers, body }, secret).then(
      () => undefined,
      (error: unknown) => (error instanceof WebhookVerificationError ? error.code : String(error)),
    );
    const request = { headers: incoming.headers, body, refusal };
    requests.push(request);
    const status = refusal === undefined ? statusOf(request, requests.length - 1) : 401;
    if (local.delayMs > 0) await sleep(local.delayMs);
    open -= 1;
    response.writeHead(status, { location: '/elsewhere' }).end(refusal ?? `answer ${status}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const local = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    mostOpen: 0,
    delayMs: 0,
    answerWith(status: typeof statusOf) {
      statusOf = status;
    },
    async waitFor(count: number, timeoutMs = 20_000) {
      const message = () => `${count} requests on this machine; ${requests.length} came`;
      await waitUntil(() => requests.length >= count, { message, timeoutMs });
      return requests;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return local;
}
