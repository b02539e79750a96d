import type { Readiness } from './readiness.js';

/** What a probe of a supervisor is answered with. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  /** JSON. */
  readonly body: object;
}

/** Liveness: the process turns round. It asks no one, since a restart would mend nothing that is wrong elsewhere. */
export const ALIVE: ProbeAnswer = { status: 200, body: { status: 'ok' } };

/**
 * The answer to `GET /healthz` or `GET /readyz`, for any HTTP server; undefined for other paths. Never throws. Both are answered with `Cache-Control: no-store`
 * and `Content-Type: application/json`.
 */
export async function probeAnswer(path: string, readiness: Readiness): Promise<ProbeAnswer | undefined> {
  if (path === '/healthz') return ALIVE;
  if (path !== '/readyz') return undefined;
  const body = await readiness.report();
  return { status: body.status === 'not_ready' ? 503 : 200, body };
}
