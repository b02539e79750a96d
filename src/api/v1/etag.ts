import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { HooklineError } from '../../errors.js';
import { sendJson } from './json.js';

const IF_MATCH = Type.Optional(
  Type.String({ description: 'ETags, or `*`: only what is still of one of these versions is changed, else 412.' }),
);
const IF_NONE_MATCH = Type.Optional(Type.String({ description: 'ETags that the caller has: 304 for one of them.' }));
const UNLESS_THERE = Type.Optional(Type.String({ description: '`*`: only what is not there yet is made, else 412.' }));

/** `headers` of a route that answers with `sendVersioned`. */
export const KNOWN_VERSION = Type.Object({ 'if-none-match': IF_NONE_MATCH });
/** `headers` of a route that changes or deletes what has a version. */
export const OF_VERSION = Type.Object({ 'if-match': IF_MATCH });
/** `headers` of a route that makes what is not there, and sets what is. */
export const OF_VERSION_OR_NEW = Type.Object({ 'if-match': IF_MATCH, 'if-none-match': UNLESS_THERE });

/** The strong ETag (RFC 9110, 8.8.3) of what was last changed at `updatedAt`: settings, not counters, which change by themselves. */
export function etagOf(updatedAt: string): string {
  return `"${Buffer.from(updatedAt, 'latin1').toString('base64url')}"`;
}

/** What is sent of a thing whose ETag changes whenever anything of its body does. */
export interface VersionedBody {
  readonly etag: string;
  readonly json: string;
  /** Absent: no cache may keep what is one user's. */
  readonly cacheControl?: string;
}

/** Answers 304 when the caller has this version (If-None-Match), else sends the body; both with its ETag and Cache-Control. */
export function sendVersioned(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { etag, json, cacheControl = 'private, no-store' }: VersionedBody,
): FastifyReply {
  reply.header('etag', etag).header('cache-control', cacheControl);
  return isNamed(headers['if-none-match'], etag) ? reply.code(304).send() : sendJson(reply, json);
}

/**
 * Checks the preconditions (RFC 9110, 13.2.2) of a change of what is of version `updatedAt`; null: it is not there. Call it with the row locked. Throws
 * `version_changed` (412) when If-Match names none of its versions, or If-None-Match names it.
 */
export function checkPreconditions({ headers }: Pick<FastifyRequest, 'headers'>, updatedAt: string | null): void {
  const etag = updatedAt === null ? null : etagOf(updatedAt);
  const asked = headers['if-match'];
  if (asked !== undefined && (etag === null || !namesOf(asked).some((one) => one === '*' || one === etag))) {
    throw new HooklineError('version_changed', undefined, {
      hint: 'Read it again, and send its ETag with the change.',
    });
  }
  if (etag !== null && isNamed(headers['if-none-match'], etag)) {
    throw new HooklineError('version_changed', 'It is there, and If-None-Match asks for what is not.', {
      hint: 'Leave If-None-Match out, or send its ETag in If-Match.',
    });
  }
}

/** Compared weakly (RFC 9110, 8.8.3.2), as If-None-Match is. */
function isNamed(header: string | undefined, etag: string): boolean {
  return header !== undefined && namesOf(header).some((one) => one === '*' || one.replace(/^W\//, '') === etag);
}

function namesOf(header: string): string[] {
  return header.split(',').map((one) => one.trim());
}
