import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type HooklineClient, verifyWebhook, WebhookVerificationError } from '@hookline/client';
import { vi } from 'vitest';
import type { StreamQuery } from '../../src/cli/remote/live/filter.js';
import { type ListenRun, runListen } from '../../src/cli/remote/live/listen/run.js';
import type { Summary } from '../../src/cli/remote/live/listen/told.js';
import type { Database } from '../../src/db/database.js';
import type { Worker } from '../../src/deliver/worker.js';
import { openTestDatabase } from '../harness/databases.js';
import { startTestWorker } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

const CHECK_MS = 200;

export interface Scene {
  readonly db: Database;
  readonly url: string;
  readonly worker: Worker;
  /** Where webhooks go. */
  readonly subscriber: ReceiverServer;
  /** A client with a user's token, or with the service key; it opens a broken stream again at once. */
  client(userId?: string): Promise<HooklineClient>;
  close(): Promise<void>;
}

/** An API and a worker over a PostgreSQL database of their own, and a subscriber. */
export async function openScene(): Promise<Scene> {
  const { db, drop } = await openTestDatabase('postgres');
  const { app, url } = await serveApi(db, { jwtSecret: JWT_SECRET, streams: { checkMs: CHECK_MS } });
  const worker = await startTestWorker(db);
  const subscriber = await startReceiver();
  return {
    ...{ db, url, worker, subscriber },
    async client(userId) {
      const token = userId === undefined ? SERVICE_KEY : await sign(userClaims(userId));
      return createClient({ url, token, backoffMs: 50 });
    },
    async close() {
      await worker.stop(1_000);
      await app.close();
      await subscriber.close();
      await drop();
    },
  };
}

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

export interface Output {
  /** Standard output until now. */
  out(): string;
  /** Its lines, of JSON. */
  json(): Array<Record<string, unknown>>;
  /** What was said to the person. */
  notes(): string;
}

/** Keeps what a command prints in this process, until `vi.restoreAllMocks`. */
export function watchOutput(): Output {
  let out = '';
  let notes = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(console, 'log').mockImplementation((text) => {
    out += `${String(text)}\n`;
  });
  vi.spyOn(console, 'error').mockImplementation((text) => {
    notes += `${String(text)}\n`;
  });
  return {
    out: () => out,
    json: () => out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])),
    notes: () => notes,
  };
}

export interface Listening {
  /** Ends it; gives the counts. */
  stop(): Promise<Summary>;
}

/** Listens in this process until `stop`; gives it when the stream is open. */
export async function listening(
  client: HooklineClient,
  forward: string,
  output: Output,
  more: Partial<ListenRun> & { readonly query?: StreamQuery } = {},
): Promise<Listening> {
  const stopping = new AbortController();
  const run = {
    ...{ client, forward, query: {}, allowRemote: false, timeoutMs: 10_000, concurrency: 1, everyAttempt: false },
    ...{ headers: {}, json: false, ...more },
  };
  const ended = runListen(run, stopping.signal);
  // Whoever stops it is told.
  ended.catch(() => undefined);
  // With JSON nothing is said: then it is known by its first line.
  if (!run.json) await waitUntil(() => output.notes().includes('Forwarding to'), { message: 'the stream to open' });
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
