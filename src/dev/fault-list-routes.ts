import type { FastifyInstance } from 'fastify';
import type { FaultRegistry } from './fault-registry.js';

/** `GET /faults` tells of all, `DELETE /faults` removes all: for tests in other processes. Each stand-in takes faults of its own kinds by POST. */
export function faultListRoutes(app: FastifyInstance, faults: Pick<FaultRegistry<never>, 'list' | 'clear'>): void {
  app.get('/faults', async () => ({ faults: faults.list() }));
  app.delete('/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}
