import { createClient, type DeliveryStreamInit, type DeliveryStreamItem, type HooklineClient } from '@hookline/client';
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
      // Node's fetch opens a connection in the place of a stream that was aborted, and a server that closes waits 70 s for one that never asked.
      const hanging = setInterval(() => app.server.closeAllConnections(), 50);
      await app.close().finally(() => clearInterval(hanging));
      await subscriber.close();
      await drop();
    },
  };
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

/** The same client, and when a stream of it is open: what happened before is not told, also where the row of its watcher is there. */
export function watchOpening(client: HooklineClient): { readonly client: HooklineClient; open(): Promise<unknown> } {
  let isOpen = false;
  async function* streamDeliveries(init?: DeliveryStreamInit): AsyncGenerator<DeliveryStreamItem, never, void> {
    for await (const item of client.streamDeliveries(init)) {
      isOpen = true;
      yield item;
    }
    throw new Error('the stream ended without a reason');
  }
  return {
    client: { ...client, streamDeliveries },
    open: () => waitUntil(() => isOpen, { message: 'the stream to open', timeoutMs: 20_000 }),
  };
}

/** How many lines for people tell of a delivery. */
export const linesOf = (output: Output): number => output.out().match(/^\d\d:\d\d:\d\d /gm)?.length ?? 0;

export interface Listening {
  /** How it ended. */
  readonly ended: Promise<Summary>;
  /** Ends it; gives the counts. */
  stop(): Promise<Summary>;
}

/** Listens in this process until `stop`; gives it when the stream is open. */
export async function listening(
  client: HooklineClient,
  forward: string,
  more: Partial<ListenRun> & { readonly query?: StreamQuery } = {},
): Promise<Listening> {
  const stopping = new AbortController();
  const watched = watchOpening(client);
  const run = {
    ...{ client: watched.client, forward, query: {}, allowRemote: false, timeoutMs: 10_000, concurrency: 1 },
    ...{ everyAttempt: false, headers: {}, json: false, ...more },
  };
  const ended = runListen(run, stopping.signal);
  // Whoever stops it is told.
  ended.catch(() => undefined);
  await watched.open();
  return {
    ended,
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
