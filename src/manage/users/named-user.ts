import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';

const NAMED_USER = `SELECT CASE WHEN $2::text IS NULL THEN hookline.known_user($1::text) ELSE hookline.user_of($2::text) END::text AS id`;
const EXTERNAL_ID = 'SELECT u.external_user_id AS id FROM hookline.users u WHERE u.user_id = $1::uuid';
const ENSURED_USER = 'SELECT hookline.ensure_user($1::text)::text AS id';

/** How the service names a user: by the UUID of auth.users, or by the application's own id. */
export interface UserName {
  readonly user_id?: string;
  readonly external_user_id?: string;
}

/**
 * The UUID of the user that the service names; undefined when it names none. Only the service may ask. Throws `invalid_request` when both are given,
 * `unknown_user` when there is no such user.
 */
export async function namedUser(tx: Queryable, name: UserName): Promise<string | undefined> {
  if (!isNamed(name)) return undefined;
  const { rows } = await tx.query<{ id: string | null }>(NAMED_USER, [
    name.user_id ?? null,
    name.external_user_id ?? null,
  ]);
  const id = rows[0]?.id;
  if (typeof id === 'string') return id;
  throw new HooklineError('unknown_user', undefined, {
    hint: 'user_id takes the id of a row of auth.users, which the first request with a token (JWT) of the user makes; for another id of the user there is external_user_id.',
  });
}

/** What data from outside may call the user that the service names: by UUID, and by the application's own id. Throws what `namedUser` does. */
export async function namesOfUser(tx: Queryable, name: UserName): Promise<readonly string[] | undefined> {
  const userId = await namedUser(tx, name);
  if (userId === undefined) return undefined;
  const { rows } = await tx.query<{ id: string }>(EXTERNAL_ID, [userId]);
  return [userId, ...rows.map(({ id }) => id)];
}

/** As `namedUser`, but one who is not known yet is made where auth.users is ours, as by the first request with a token (JWT). */
export async function ensuredUser(tx: Queryable, name: UserName): Promise<string | undefined> {
  if (!isNamed(name)) return undefined;
  return ensureUser(tx, name.external_user_id ?? name.user_id);
}

/** The UUID of a user by either id of theirs, whose row is made where it is missing and auth.users is ours. Throws `unknown_user` where it is somebody else's. */
export async function ensureUser(tx: Queryable, id: string | undefined): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(ENSURED_USER, [id ?? null]);
  return rows[0]?.id;
}

function isNamed({ user_id, external_user_id }: UserName): boolean {
  if (user_id !== undefined && external_user_id !== undefined) {
    throw new HooklineError('invalid_request', 'Give one of user_id and external_user_id.');
  }
  return user_id !== undefined || external_user_id !== undefined;
}
