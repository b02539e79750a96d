import { inspect } from '@hookline/receiver';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HooklineError } from '../errors.js';

/**
 * Levels of arrays and objects that a body may hold. PostgreSQL and our own writer of JSON descend level by level, and run out of
 * stack far above this; no payload of a webhook comes near it.
 */
const MAX_DEPTH = 200;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for SQL to read: a number that passed through `JSON.parse` is no longer exact. */
    jsonText: string;
  }
}

const LONGEST_ENCODING = 50;

/** Reads bodies of `application/json` in this scope: checked and parsed into `request.body`, as they came in `request.jsonText`. */
export function acceptJson(app: FastifyInstance): void {
  app.decorateRequest('jsonText', '');
  app.removeAllContentTypeParsers();
  app.addHook('preParsing', async (request, reply) => {
    const encoding = request.headers['content-encoding']?.trim() ?? '';
    if (/^(identity)?$/i.test(encoding)) return;
    reply.header('accept-encoding', 'identity');
    const shown = encoding.slice(0, LONGEST_ENCODING);
    throw new HooklineError('unsupported_media_type', `The body is encoded with ${shown}, which is not taken.`, {
      hint: 'Send the body as it is, without Content-Encoding.',
    });
  });
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      request.jsonText = decode(bytes);
      return parse(request.jsonText);
    },
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HooklineError('invalid_json', 'The body is not UTF-8.');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw new HooklineError('invalid_json', 'The body is empty.');
  if (inspect(text).depth > MAX_DEPTH) {
    throw new HooklineError('invalid_json', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HooklineError('invalid_json');
  }
}
