import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { sendProblem } from '../api/problem.js';
import { HooklineError } from '../errors.js';
import { probeAnswer } from '../manage/readiness/answers.js';
import type { Readiness } from '../manage/readiness/readiness.js';
import type { Metrics } from '../observe/metrics/metrics.js';
import { listen } from './listen.js';
import { SHUTDOWN_WITHIN_MS } from './shutdown.js';

const REQUEST_TIMEOUT_MS = 10_000;
const PORT_AGAIN_MS = 500;
/** The process that is taken over from has ended by then. */
const EXPECTED_TRIES = (SHUTDOWN_WITHIN_MS + 5_000) / PORT_AGAIN_MS;

/**
 * The server at HOOKLINE_METRICS_PORT, not yet listening: `GET /metrics`, `/healthz` and `/readyz`, without credentials, for those who may reach the port. A worker has
 * no other.
 */
export function createOperationServer({
  metrics,
  readiness,
}: {
  readonly metrics: Pick<Metrics, 'scrape'>;
  readonly readiness: Readiness;
}): FastifyInstance {
  const app = Fastify({ requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: true, requestIdHeader: false });
  app.decorateReply('problemCode', undefined);
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.scrape();
    return reply.type(contentType).send(text);
  });
  for (const path of ['/healthz', '/readyz'] as const) {
    app.get(path, async (_request, reply) => {
      const answer = await probeAnswer(path, readiness);
      return reply.code(answer?.status ?? 503).send(answer?.body ?? {});
    });
  }
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new HooklineError('not_found', 'Here are GET /metrics, /healthz and /readyz.')),
  );
  return app;
}

export interface OperationPort {
  readonly host: string;
  readonly port: number;
  /** Whether a process that this one takes the place of may have the port for a while yet. */
  readonly takesOver: boolean;
  readonly log: Logger;
}

/**
 * Listens, and gives the URL; undefined while the port is another's that this process takes over: it listens as soon as that one is gone. Throws what `listen`
 * throws.
 */
export async function listenForOperation(app: FastifyInstance, where: OperationPort): Promise<string | undefined> {
  const { host, port, takesOver, log } = where;
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const attempt = async (): Promise<string> => {
    const url = await listen(app, { host, port }, 'HOOKLINE_METRICS_PORT');
    log.info({ url: `${url}/metrics` }, 'metrics.listening');
    return url;
  };
  try {
    return await attempt();
  } catch (error) {
    if (!takesOver || !isInUse(error)) throw error;
    log.info({ host, port }, 'metrics.port_in_use: metrics are there when it is free.');
    void takeOver(attempt, closing.signal, where);
    return undefined;
  }
}

async function takeOver(
  attempt: () => Promise<string>,
  signal: AbortSignal,
  { host, port, log }: OperationPort,
): Promise<void> {
  for (let tries = 1; !signal.aborted; tries += 1) {
    await sleep(PORT_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await attempt();
      return;
    } catch (error) {
      if (isInUse(error)) {
        if (tries === EXPECTED_TRIES) log.warn({ host, port }, 'metrics.port_still_in_use: by some other process.');
        continue;
      }
      if (!signal.aborted) log.error({ err: error }, 'metrics.not_listening');
      return;
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof HooklineError && error.code === 'address_in_use';
}
