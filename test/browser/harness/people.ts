import type { Database } from '../../../src/db/database.js';
import { createUser } from '../../harness/databases.js';

/** Someone who has an account, and what their portal links carry. */
export interface Person {
  readonly id: string;
  /** Portal tokens of an hour: one that may change things, one that may only read. */
  readonly write: string;
  readonly read: string;
}

/** `owner` has something of everything, `stranger` a webhook and deliveries of their own, `newcomer` nothing. */
export interface People {
  readonly owner: Person;
  readonly stranger: Person;
  readonly newcomer: Person;
}

export async function addPeople(db: Database): Promise<People> {
  return {
    owner: await addPerson(db, 'acct_owner'),
    stranger: await addPerson(db, 'acct_stranger'),
    newcomer: await addPerson(db, 'acct_newcomer'),
  };
}

/** A user whom the application knows as `externalId`. */
export async function addPerson(db: Database, externalId: string): Promise<Person> {
  const id = await createUser(db);
  await db.query('INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, $2)', [id, externalId]);
  return { id, write: await portalToken(db, id, 'write'), read: await portalToken(db, id, 'read') };
}

/** A portal token, as the service makes it for a user. */
export async function portalToken(db: Database, userId: string, access: 'read' | 'write'): Promise<string> {
  const { rows } = await db.query<{ token: string }>(
    "SELECT token FROM hookline.create_access_token('portal_token', $1::uuid, 'dashboard', $2, '1 hour')",
    [userId, access],
  );
  const [made] = rows;
  if (made === undefined) throw new Error('no token was made');
  return made.token;
}
