import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import type { Whose } from '../../live/change.js';
import { namedUser, type UserName } from '../../manage/users/named-user.js';
import type { Caller } from '../auth/caller.js';
import { checkUserName } from './user-name.js';

/**
 * Whose deliveries the caller of a transaction may follow: their own, or, for the service, those of the user that it names, or everybody's. Throws `forbidden` for a
 * user who names one, `unknown_user` and `invalid_request` as `namedUser` does.
 */
export async function whoseStream(tx: Queryable, caller: Caller, name: UserName): Promise<Whose> {
  if (caller.kind === 'service') return { as: 'service', userId: (await namedUser(tx, name)) ?? null };
  checkUserName(caller, name);
  // As PostgreSQL knows the caller, whatever the token calls them.
  const { rows } = await tx.query<{ id: string | null }>('SELECT auth.uid()::text AS id', []);
  const userId = rows[0]?.id;
  if (typeof userId !== 'string') throw new HooklineError('unauthorized');
  return { as: 'user', userId };
}
