import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import { namedUser, type UserName } from '../../manage/users/named-user.js';
import type { Caller } from '../auth/caller.js';

/** Throws `forbidden` when a user names a user: they act for themselves alone. */
export function checkUserName(caller: Caller, { user_id, external_user_id }: UserName): void {
  if (caller.kind === 'service' || (user_id === undefined && external_user_id === undefined)) return;
  throw new HooklineError('forbidden', 'user_id and external_user_id are for the service alone.', {
    hint: 'Leave them out: what you see and make is yours.',
  });
}

/** Whose a new thing is: of whom the service names, null for a signed-in user. Throws `invalid_request` when the service names nobody, and what `find` does. */
export async function ownerOfNew(
  tx: Queryable,
  caller: Caller,
  name: UserName,
  find = namedUser,
): Promise<string | null> {
  const userId = await find(tx, name);
  if (userId === undefined && caller.kind === 'service') {
    throw new HooklineError('invalid_request', 'Say whose it is: user_id or external_user_id is missing.', {
      hint: 'The service key is of no user: name one (on the command line --user), or call with a credential of theirs.',
    });
  }
  return userId ?? null;
}
