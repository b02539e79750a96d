import { LRUCache } from 'lru-cache';
import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { HooklineError } from '../../errors.js';
import { ensureUser } from '../../manage/users/named-user.js';

/** An id and its UUID take some 300 bytes: 3 MB at most. */
const MOST_USERS = 10_000;
/** An erased user is unknown to the functions at once; only their next token has to wait for a new row until this has passed. */
const KEPT_FOR_MS = 60_000;

/**
 * Makes what gives the UUID of a user by the id that tokens name them with. It asks the database once a minute for each user, and once for requests that come together.
 * Throws what `hookline.ensure_user` raises.
 */
export function userIds(db: Database): (id: string) => Promise<string> {
  const cache = new LRUCache<string, string>({
    max: MOST_USERS,
    ttl: KEPT_FOR_MS,
    fetchMethod: (id) => asService(db, (tx) => ensureUser(tx, id)),
  });
  return async (id) => {
    const uuid = await cache.fetch(id);
    if (uuid === undefined) throw new HooklineError('internal_error');
    return uuid;
  };
}
