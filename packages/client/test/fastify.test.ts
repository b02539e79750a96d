import fastify from 'fastify';
import { expect, it } from 'vitest';
import { webhookRoute } from '../src/adapters/fastify.js';
import { describeAdapter, type Events, secretOf } from './adapter-scenario.js';
import { delivery, SECRET } from './signing.js';

describeAdapter({
  name: 'Fastify',
  async serve({ handle, options }) {
    const app = fastify();
    const keys = ({ headers }: { headers: Record<string, unknown> }) =>
      secretOf(headers['x-webhook-id'] === 'of-another' ? 'of-another' : null, SECRET);
    // A parser of the application's own, which the routes are not to meet.
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, { body }));
    app.register(webhookRoute<Events>('/hook', keys, handle, options));
    app.register(webhookRoute<Events>('/parsed', keys, handle, options));
    app.register(
      webhookRoute<Events>('/answer', keys, ({ id }, _request, reply) => reply.code(202).send({ queued: id }), options),
    );
    return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() };
  },
});

it('leaves the parsers of the other routes alone, and sends what the handler gives', async () => {
  const app = fastify();
  app.register(webhookRoute('/hook', SECRET, () => ({ taken: true })));
  app.post('/other', (request) => request.body);
  const other = await app.inject({ method: 'POST', url: '/other', payload: { a: 1 } });
  expect(other.json()).toEqual({ a: 1 });
  const { headers, body } = delivery();
  expect((await app.inject({ method: 'POST', url: '/hook', headers, payload: body })).json()).toEqual({ taken: true });
  expect((await app.inject({ method: 'POST', url: '/hook' })).statusCode).toBe(401);
  await app.close();
});
