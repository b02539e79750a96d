import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Sealer } from '../secrets/sealer.js';

/** What makes a secret: the routes, and over RPC the functions. */
const ROUTES: ReadonlySet<string> = new Set([
  'POST /v1/webhooks',
  'POST /v1/webhooks/:webhook_id/secret/rotate',
  'PUT /v1/webhooks/:webhook_id/headers',
  'POST /v1/signing-keys/rotate',
  'POST /graphql',
  'POST /rest/v1/rpc/*',
]);
const FUNCTIONS: ReadonlySet<string> = new Set(['create_webhook', 'rotate_webhook_secret', 'set_webhook_headers']);

/** Has new secrets encrypted as soon as their request is answered. What fails, or is made elsewhere, the sweep of a worker encrypts. */
export function sealNewSecrets(app: FastifyInstance, sealer: Pick<Sealer, 'wake' | 'settled'>): void {
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode < 300 && makesSecret(request)) sealer.wake();
  });
  app.addHook('onClose', () => sealer.settled());
}

function makesSecret({ method, routeOptions, params }: FastifyRequest): boolean {
  const route = `${method} ${routeOptions.url}`;
  if (!ROUTES.has(route)) return false;
  return !route.endsWith('*') || FUNCTIONS.has(String((params as Readonly<Record<string, unknown>>)['*']));
}
