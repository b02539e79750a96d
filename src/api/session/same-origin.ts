import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';

/** Whether a request only reads. */
export function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Refuses what a page of another origin sent, as far as the browser tells: `Sec-Fetch-Site`, and `Origin`, which has to be of the host that was asked. A reader may have
 * typed the address. Throws `cross_origin_request` (403).
 */
export function checkSameOrigin(request: FastifyRequest): void {
  const { origin, host = '', 'sec-fetch-site': site } = request.headers;
  const isOwnSite = site === undefined || site === 'same-origin' || (site === 'none' && isReading(request));
  if (isOwnSite && (origin === undefined || isOfHost(origin, host))) return;
  throw new HooklineError('cross_origin_request', undefined, {
    hint: 'Open the dashboard at the address of the API; a proxy between has to pass on Host as the browser sent it.',
  });
}

/** Throws `csrf_token_missing` (403) when `x-csrf-token` is not the session's. */
export function checkCsrfToken({ headers }: FastifyRequest, expected: string): void {
  const given = headers['x-csrf-token'];
  if (typeof given === 'string' && isSame(Buffer.from(given), Buffer.from(expected))) return;
  throw new HooklineError('csrf_token_missing', undefined, {
    hint: 'Send csrf_token of GET /v1/session as x-csrf-token.',
  });
}

function isOfHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const asked = `${protocol}//${host}`;
  // Parsed too, since either may name the port that its scheme implies.
  return (protocol === 'http:' || protocol === 'https:') && URL.canParse(asked) && new URL(asked).host === own;
}

function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
