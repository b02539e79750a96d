import type { RowDataPacket } from 'mysql2/promise';
import { errnoOf } from '../../schema/providers/mysql/server-errors.js';
import { ApiError } from './api-error.js';
import type { Databases } from './databases.js';
import { newId, patternOf } from './names.js';

export const ROLES = ['reader', 'writer', 'readwriter', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const RIGHTS: Readonly<Record<Role, string>> = {
  reader: 'SELECT',
  writer: 'INSERT, UPDATE, DELETE',
  readwriter: 'SELECT, INSERT, UPDATE, DELETE',
  admin: 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, LOCK TABLES',
};

const SECRET_LENGTH = 24;
/** Numbers of the refusals to make a user, and to grant. */
const RIGHT_MISSING: ReadonlySet<number | undefined> = new Set([1044, 1142, 1227, 1410]);

/**
 * Makes a user of the server who may do in one database what the role says, and gives the URL to log in with. One of this name is made anew.
 */
export async function makeLogin(
  databases: Databases,
  login: { readonly name: string; readonly role: Role; readonly database: string },
): Promise<string> {
  const { pool } = databases;
  const secret = newId(SECRET_LENGTH);
  const host = await hostOfLogins(databases);
  try {
    await pool.query('DROP USER IF EXISTS ?@?', [login.name, host]);
    await pool.query('CREATE USER ?@? IDENTIFIED BY ?', [login.name, host, secret]);
    await pool.query(`GRANT ${RIGHTS[login.role]} ON ??.* TO ?@?`, [patternOf(login.database), login.name, host]);
  } catch (error) {
    if (!RIGHT_MISSING.has(errnoOf(error))) throw error;
    throw new ApiError(
      500,
      'internal_server_error',
      'The MySQL user behind the stand-in may not make users and grant rights',
    );
  }
  const url = new URL(databases.urlOf(login.database));
  url.username = login.name;
  url.password = secret;
  return url.href;
}

export async function dropLogin(databases: Databases, name: string): Promise<void> {
  await databases.pool.query('DROP USER IF EXISTS ?@?', [name, await hostOfLogins(databases)]);
}

/** From where the administrator logs in, so that no other entry of the server's table of users is nearer. */
async function hostOfLogins({ pool }: Databases): Promise<string> {
  const [[row]] = await pool.query<RowDataPacket[]>("SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', -1) AS host");
  return String(row?.['host']);
}
