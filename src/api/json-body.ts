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
      if (bytes.length === 0 && needsNoBody(request)) return undefined;
      request.jsonText = decode(bytes);
      return parse(request.jsonText);
    },
  );
  app.addHook('preValidation', async (request) => {
    if (request.body !== undefined || request.routeOptions.schema?.body === undefined) return;
    request.body = {};
    request.jsonText = '{}';
  });
}

/** Clients send `Content-Type: application/json` without a body, too: no harm where the route takes none, or needs nothing of it. */
function needsNoBody({ routeOptions: { schema } }: FastifyRequest): boolean {
  return schema?.operationId !== undefined && (schema.body === undefined || isOptionalBody(schema.body));
}

/** Whether a body of this schema may be left out, which means `{}`. */
export function isOptionalBody(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || !('type' in schema) || schema.type !== 'object') return false;
  const hasRequired = 'required' in schema && Array.isArray(schema.required) && schema.required.length > 0;
  return !hasRequired && !('minProperties' in schema);
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
