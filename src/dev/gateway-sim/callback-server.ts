import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';
import { listen } from '../../start/listen.js';
import type { IncomingCallback } from './callback.js';
import { channelOfPath } from './callback-path.js';

/** What a callback is answered with; or it is left hanging, or its connection broken. */
export type CallbackAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: object }
  | 'hang'
  | 'close';

export interface CallbackServer {
  /** `http://host:port` */
  readonly origin: string;
  /** Lets the answers that are under way go out, for 2 s at most. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const CLOSE_WITHIN_MS = 2_000;

/** Serves the callback URLs. Every POST is handed to `receive`, also one whose path names no channel. Throws as `listen` does. */
export async function serveCallbacks(
  address: { readonly host: string; readonly port: number },
  receive: (callback: IncomingCallback) => CallbackAnswer,
): Promise<CallbackServer> {
  /** Answers that are awaited at the end: all but those that a fault leaves hanging. */
  const underWay = new Map<ServerResponse, Promise<unknown>>();
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, return503OnClosing: false });
  takeRawBodies(app);

  const handle = (request: FastifyRequest, reply: FastifyReply, raw: Buffer | null): FastifyReply => {
    const answer = receive({
      channelId: channelOfPath(new URL(request.url, 'http://gateway').pathname),
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
      raw,
    });
    if (typeof answer === 'object') return reply.code(answer.status).headers(answer.headers).send(answer.body);
    reply.hijack();
    if (answer === 'close') request.raw.socket.destroy();
    else underWay.delete(reply.raw);
    return reply;
  };

  app.post('*', (request, reply) =>
    handle(request, reply, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      return handle(request, reply, null);
    }
    throw error;
  });

  app.addHook('onRequest', async (_request, { raw }) => {
    const answered = new Promise((resolve) => raw.once('close', resolve));
    underWay.set(
      raw,
      answered.then(() => underWay.delete(raw)),
    );
  });

  const origin = await listen(app, address).catch(adviseOptions);
  return {
    origin,
    async close() {
      const closed = app.close();
      await Promise.race([Promise.all(underWay.values()), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
      // Those that hang, and those that a client opened and sent nothing over, which Node does not call idle.
      app.server.closeAllConnections();
      await closed;
    },
  };
}

function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Host and port are options here, not variables of the environment. */
function adviseOptions(error: unknown): never {
  if (!(error instanceof HooklineError)) throw error;
  const hint = error.code === 'address_in_use' ? 'Stop that process, or choose another' : 'Choose another host or';
  throw new HooklineError(error.code, error.message, { hint: `${hint} port; 0 takes any free one.`, cause: error });
}
