import type { FastifyReply, FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';

/** The strong ETag (RFC 9110, 8.8.3) of what was last changed at `updatedAt`: settings, not counters, which change by themselves. */
export function etagOf(updatedAt: string): string {
  return `"${Buffer.from(updatedAt, 'latin1').toString('base64url')}"`;
}

/**
 * Answers 304 when the caller has this version (If-None-Match); else sends `body` with its ETag. No cache may keep it: asking by itself whether the settings
 * have changed, a browser would show counters of long ago.
 */
export function sendVersioned(request: FastifyRequest, reply: FastifyReply, etag: string, body: string): FastifyReply {
  reply.header('etag', etag).header('cache-control', 'private, no-store');
  const known = request.headers['if-none-match'];
  const isKnown = known !== undefined && namesOf(known).some((one) => one === '*' || one.replace(/^W\//, '') === etag);
  if (isKnown) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(body);
}

/** Throws `version_changed` (412) when If-Match (RFC 9110, 13.1.1) names another version than `etag`. Call it with the row locked. */
export function checkIfMatch(request: FastifyRequest, etag: string): void {
  const asked = request.headers['if-match'];
  if (asked === undefined || namesOf(asked).some((one) => one === '*' || one === etag)) return;
  throw new HooklineError('version_changed', undefined, { hint: 'Read it again, and send its ETag with the change.' });
}

function namesOf(header: string): string[] {
  return header.split(',').map((one) => one.trim());
}
