import { Counter, Histogram, type Registry } from 'prom-client';

/** What the HTTP server counts of its answers. */
export interface HttpMetrics {
  /**
   * An answer has gone out. `route` is the pattern of the route, never a path: paths hold ids. `ms` is how long it took; undefined: it was a stream, which lasts for
   * as long as its reader wants.
   */
  answered(method: string, route: string, status: number, ms: number | undefined): void;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Registers what the HTTP server counts. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = new Counter({
    name: 'hookline_http_requests_total',
    help: 'Requests that were answered, by method, pattern of the route (unmatched: there is none) and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'hookline_http_request_seconds',
    help: 'How long requests took, from their headers until the answer was sent; streams are left out.',
    labelNames: ['method', 'route'] as const,
    buckets: BUCKETS,
    registers: [registry],
  });
  const routes = new Map<string, { observe: Histogram.Internal<string>; statuses: Map<number, Counter.Internal> }>();

  return {
    answered(method, route, status, ms) {
      const key = `${method} ${route}`;
      let known = routes.get(key);
      if (known === undefined) {
        known = { observe: seconds.labels(method, route), statuses: new Map() };
        routes.set(key, known);
      }
      let count = known.statuses.get(status);
      if (count === undefined) {
        count = requests.labels(method, route, String(status));
        known.statuses.set(status, count);
      }
      count.inc();
      if (ms !== undefined) known.observe.observe(ms / 1000);
    },
  };
}
