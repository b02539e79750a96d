import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { HooklineError } from '../../errors.js';

/** What dashboard/vite.config.ts has written where the nonce goes. */
const PLACEHOLDER = 'HOOKLINE_CSP_NONCE';

/** Sends the document of the dashboard's pages. Throws `dashboard_not_built` (404) where there is none. */
export type SendPage = (reply: FastifyReply) => FastifyReply;

/** Reads the document once: its assets have names that a later build does not keep. */
export function pageOf(dir: string): SendPage {
  const file = join(dir, 'index.html');
  const document = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  return (reply) => {
    if (document === undefined) {
      throw new HooklineError('dashboard_not_built', undefined, { hint: 'Run `npm run build`, and start again.' });
    }
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': policyWith(nonce),
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .type('text/html; charset=utf-8')
      .send(document.replaceAll(PLACEHOLDER, nonce));
  };
}

function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
