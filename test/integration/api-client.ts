import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { createServer, type ServerOptions } from '../../src/api/server.js';
import type { Database } from '../../src/db/database.js';

export const SERVICE_KEY = 'the-service-key-of-tests';

/** A server on a free loopback port. */
export async function serveApi(
  db: Database,
  options: Partial<Omit<ServerOptions, 'db'>> = {},
): Promise<{ app: FastifyInstance; url: string }> {
  const app = createServer({
    db,
    log: pino({ level: 'silent' }),
    serviceKey: SERVICE_KEY,
    maxBodyBytes: 1_048_576,
    ...options,
  });
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** POST /rest/v1/rpc/<function>; `bearer` is a service key or a token, absent: no Authorization header. */
export async function callRpc(
  url: string,
  name: string,
  body: string | object,
  { bearer, headers = {}, query = '' }: { bearer?: string; headers?: Record<string, string>; query?: string } = {},
): Promise<RpcAnswer> {
  return rpcAnswerOf(
    await fetch(`${url}/rest/v1/rpc/${name}${query}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

export interface RpcAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when there is none. */
  readonly json: unknown;
}

export async function rpcAnswerOf(response: Response): Promise<RpcAnswer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? undefined : JSON.parse(text) };
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** POST /v1/events with the service key; `body` goes as it is, so that it may be wrong JSON. */
export async function postEvent(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return answerOf(
    await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json', ...headers },
      body,
    }),
  );
}

export async function answerOf(response: Response): Promise<Answer> {
  const body: Record<string, unknown> = JSON.parse(await response.text());
  return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, body };
}
