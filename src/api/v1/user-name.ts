import { HooklineError } from '../../errors.js';
import type { UserName } from '../../manage/users/named-user.js';
import type { Caller } from '../auth/caller.js';

/** Throws `forbidden` when a user names a user: they act for themselves alone. */
export function checkUserName(caller: Caller, { user_id, external_user_id }: UserName): void {
  if (caller.kind === 'service' || (user_id === undefined && external_user_id === undefined)) return;
  throw new HooklineError('forbidden', 'user_id and external_user_id are for the service alone.', {
    hint: 'Leave them out: what you see and make is yours.',
  });
}
