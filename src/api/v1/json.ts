import type { FastifyReply } from 'fastify';

/** Sends JSON that is text already: what PostgreSQL wrote goes out in its own digits. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(json);
}
