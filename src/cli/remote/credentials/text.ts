import type { components } from '@hookline/client';
import { timeOf } from '../../times.js';
import type { Column } from '../rows.js';
import type { Style } from '../style.js';

/** An API key or a portal token, without itself. */
export type Credential = components['schemas']['ApiKey'];

export const CREDENTIAL_COLUMNS: readonly Column<Credential>[] = [
  { name: 'id', of: ({ id }) => id },
  { name: 'name', of: ({ name }) => name, cutTo: 8 },
  { name: 'state', of: (credential) => stateOf(credential), style: styleOf },
  { name: 'access', of: ({ access }) => access },
  { name: 'begins with', of: ({ prefix }) => prefix, isOptional: true },
  { name: 'expires', of: ({ expires_at: at }) => timeOf(at) ?? 'never', isOptional: true },
  { name: 'last used', of: ({ last_used_at: at }) => timeOf(at), isOptional: true },
  { name: 'user', of: ({ user_id: id }) => id, isOptional: true },
];

function stateOf({ revoked_at: revoked, expires_at: expires }: Credential): string {
  if (revoked !== null) return 'revoked';
  return expires !== null && Date.parse(expires) <= Date.now() ? 'expired' : 'valid';
}

function styleOf(credential: Credential): Style {
  return stateOf(credential) === 'valid' ? 'green' : 'dim';
}

/** Said of a new one, beside it. */
export function madeNote(what: string, { id, user_id: user, access, expires_at: expires }: Credential): string {
  return `${what} ${id} of user ${user}: ${access}, ${expires === null ? 'does not expire' : `until ${timeOf(expires)}`}. It is not shown again.`;
}
