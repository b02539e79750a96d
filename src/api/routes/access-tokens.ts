import { Type } from 'typebox';
import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import type { CreatedToken } from '../../manage/tokens/tokens.js';
import { namedUser, type UserName } from '../../manage/users/named-user.js';
import type { Caller } from '../auth/caller.js';
import { PAGE_QUERY } from '../v1/page.js';
import { nullable, timestamp, uuid } from '../v1/schemas.js';
import { USER_NAME } from './webhook-schemas.js';

/** What the routes of API keys and of portal tokens share. */
export const ACCESS = Type.Enum(['read', 'write'], {
  type: 'string',
  description: '`read` changes nothing, and sees no secret.',
});

export const LIST_QUERY = Type.Object({ ...PAGE_QUERY, ...USER_NAME }, { additionalProperties: false });

/** The members of both kinds. */
export const TOKEN_MEMBERS = {
  id: uuid(),
  user_id: uuid('Whom it acts as.'),
  name: nullable(Type.String()),
  prefix: Type.String({ description: 'What it begins with.' }),
  access: ACCESS,
  created_at: timestamp(),
  expires_at: nullable(timestamp()),
  last_used_at: nullable(timestamp(), 'When it was last used, to the minute.'),
  revoked_at: nullable(timestamp()),
};

/** Whom a new token is for: whom the service names, null for a signed-in user. Throws `invalid_request` when the service names nobody, and what `namedUser` does. */
export async function ownerOfNew(tx: Queryable, caller: Caller, name: UserName): Promise<string | null> {
  const userId = await namedUser(tx, name);
  if (userId === undefined && caller.kind === 'service') {
    throw new HooklineError('invalid_request', 'Say whom it is for: user_id or external_user_id is missing.');
  }
  return userId ?? null;
}

/** The body of the answer that made one: it alone holds the secret, under `name`. */
export function createdBody({ json, secret }: CreatedToken, name: 'key' | 'token'): string {
  return `${json.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(secret)}}`;
}
