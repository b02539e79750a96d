import { createHmac, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createServer } from '../../src/api/server.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { startFollowUpLoop } from '../../src/maintain/follow-ups.js';
import { ownStore } from '../../src/receive/own-store.js';
import { registerReceiver } from '../../src/receive/routes.js';
import { captureLog } from '../harness/captured-log.js';
import type { DatabaseContext } from '../harness/databases.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

export const SECRET = 'mr-webhook-secret';
export const API_KEY = 'mr-api-key';
export const MAX_BODY_BYTES = 1_048_576;

export const sign = (body: string | Uint8Array, secret = SECRET): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** A row of ai_content, everything as text. */
export type Row = Record<string, string | null>;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export interface ReceiverContext {
  /** The stand-in of the AI gateway: takes callbacks. */
  gateway(): ReceiverServer;
  /** Posts a signed webhook, or one with these headers. Waits for the answer, not for the callback. */
  send(body: string | Uint8Array<ArrayBuffer> | ReadableStream, headers?: Record<string, string>): Promise<Answer>;
  /** An event-driven webhook whose callback goes to the gateway. */
  event(changes?: Record<string, unknown>): Record<string, unknown>;
  /** Waits for every callback that was begun. */
  settled(): Promise<void>;
  rows(): Promise<Row[]>;
  /** Lines of the server's log with this message, about one record where its id is given. */
  logged(message: string, recordId?: string | null): Record<string, unknown>[];
  /** Runs the drain loop until `until` has come true. */
  drainUntil(until: () => Promise<boolean>): Promise<void>;
}

/** A server with the receiver mounted, and a gateway, for a suite; the table is empty before each test. */
export function useReceiver(ctx: DatabaseContext): ReceiverContext {
  const { log, lines } = captureLog();
  const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
  const running = new Set<Promise<unknown>>();
  let app: FastifyInstance;
  let gateway: ReceiverServer;
  let url: string;
  const settled = async (): Promise<void> => {
    await Promise.all(running);
    running.clear();
  };

  beforeAll(async () => {
    gateway = await startReceiver();
    const deps = {
      receiver: { store: ownStore(ctx.db(), log), emitter: undefined },
      log,
      dispatcher,
      webhookSecret: SECRET,
      apiKey: API_KEY,
      callbackOrigins: [new URL(gateway.url).origin],
    };
    const waitUntil = (promise: Promise<unknown>): void => void running.add(promise);
    app = createServer({
      db: ctx.db(),
      log,
      serviceKey: undefined,
      maxBodyBytes: MAX_BODY_BYTES,
      mount: (server) => registerReceiver(server, { ...deps, maxBodyBytes: MAX_BODY_BYTES, waitUntil }),
    });
    url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/webhooks/modelriver`;
  });
  beforeEach(async () => {
    await ctx.db().query('DELETE FROM webhook_deliveries; DELETE FROM hookline.events; DELETE FROM ai_content');
    gateway.answerWith([{}]);
  });
  afterEach(settled);
  afterAll(async () => {
    await app.close();
    await gateway.close();
    await dispatcher.destroy();
  });

  return {
    gateway: () => gateway,
    settled,
    logged: (message, recordId) =>
      lines(message).filter(({ record_id }) => recordId === undefined || record_id === recordId),
    async send(body, headers = body instanceof ReadableStream ? {} : { 'mr-signature': sign(body) }) {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        duplex: 'half' as const,
      };
      const answer = await fetch(url, init);
      return { status: answer.status, text: await answer.text(), headers: answer.headers };
    },
    event(changes = {}) {
      const channelId = randomUUID();
      return {
        type: 'task.ai_generated',
        event: 'video.generated',
        channel_id: channelId,
        ai_response: { data: { title: 'Inception', year: 2010 } },
        callback_url: new URL(`/v1/callback/${channelId}`, gateway.url).href,
        callback_required: true,
        customer_data: {},
        timestamp: '2026-01-05T12:34:56.789Z',
        ...changes,
      };
    },
    async rows() {
      const { rows } = await ctx
        .db()
        .query<{ row: Row }>(
          `SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(c))) AS row FROM ai_content c ORDER BY id`,
        );
      return rows.map(({ row }) => row);
    },
    async drainUntil(until) {
      const loop = startFollowUpLoop({
        receiver: { store: ownStore(ctx.db(), log), emitter: undefined },
        db: ctx.db(),
        log,
        dispatcher,
        apiKey: API_KEY,
        callbackOrigins: [new URL(gateway.url).origin],
        intervalMs: 50,
      });
      try {
        const end = Date.now() + 15_000;
        while (!(await until())) {
          if (Date.now() > end) throw new Error('the drain did not get there in 15 s');
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      } finally {
        await loop.stop();
      }
    },
  };
}

/** The callbacks to an event's own URL, as JSON. */
export function callbacksOf(
  requests: readonly ReceivedRequest[],
  event: Record<string, unknown>,
): Record<string, unknown>[] {
  const { pathname } = new URL(String(event['callback_url']));
  return requests.filter(({ url }) => url === pathname).map(({ body }) => JSON.parse(body.toString()));
}
