import { HooklineError } from '../../errors.js';
import type { Caller } from './caller.js';
import type { VerifiedToken } from './token.js';

const LONGEST_SUBJECT = 255;

/**
 * The caller that a verified token speaks for. Tokens of users must be for `audience`; on the others, as Supabase's keys of a project are,
 * `aud` may be missing. Throws `invalid_token_role`, `invalid_token_audience`, `invalid_token_subject` or `malformed_token`.
 */
export function callerOfToken({ payload, underSecret }: VerifiedToken, audience: string): Caller {
  const { role, aud, sub, exp } = payload;
  if (role !== 'authenticated' && role !== 'anon' && !(role === 'service_role' && underSecret)) {
    throw new HooklineError('invalid_token_role', role === undefined ? 'The token has no claim role.' : undefined, {
      hint: 'role is anon or authenticated, and the issuer has to put it into the token; service_role is taken under the shared secret alone.',
    });
  }
  if (aud === undefined ? role === 'authenticated' : ![aud].flat().includes(audience)) {
    throw new HooklineError('invalid_token_audience', undefined, {
      hint: 'HOOKLINE_JWT_AUDIENCE says what aud names.',
    });
  }
  if (role === 'service_role') return { kind: 'service', endsAt: exp };
  if (role === 'anon') return { kind: 'anon' };
  if (typeof sub !== 'string' || sub === '' || [...sub].length > LONGEST_SUBJECT) {
    throw new HooklineError('invalid_token_subject', undefined, {
      hint: `sub is the user's id, 1 to ${LONGEST_SUBJECT} characters.`,
    });
  }
  if (!isStorable(payload)) {
    throw new HooklineError('malformed_token', 'A claim holds a NUL character or a lone surrogate.', {
      hint: 'PostgreSQL, which reads the claims, cannot hold these.',
    });
  }
  return { kind: 'user', claims: { ...payload, sub, role }, access: 'write', endsAt: exp };
}

/** `JSON.stringify` escapes NUL and lone surrogates; an escaped backslash must not be taken for the beginning of such an escape. */
function isStorable(value: unknown): boolean {
  return !/\\u(0000|d[89a-f])/.test(JSON.stringify(value).replaceAll('\\\\', ''));
}
