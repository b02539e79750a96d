import type { Queryable } from '../../db/database.js';
import type { Access } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';

const LIST = loadSql(import.meta.url, './list.sql');
const CREATE = {
  api_key: loadSql(import.meta.url, './create-api-key.sql'),
  portal_token: loadSql(import.meta.url, './create-portal-token.sql'),
};

export type TokenKind = keyof typeof CREATE;

export interface NewToken {
  /** Null only for a portal token. */
  readonly name: string | null;
  readonly access: Access;
  /** Null: it does not expire. Only for an API key. */
  readonly expiresInSeconds: number | null;
  /** Whom it acts as, by the service alone; null: whoever is signed in. */
  readonly userId: string | null;
}

/** What was made: its id, its JSON, and the secret, which is to be had only now. */
export interface CreatedToken {
  readonly id: string;
  readonly json: string;
  readonly secret: string;
}

/**
 * Makes an API key or portal token in the caller's transaction. Throws what the SQL function raises: `sign_in_required` by a key or token,
 * `api_key_quota_reached`, `unknown_user`, `invalid_parameter`.
 */
export async function createToken(tx: Queryable, kind: TokenKind, token: NewToken): Promise<CreatedToken> {
  const { name, access, expiresInSeconds, userId } = token;
  const { rows } = await tx.query<{ id: string; secret: string }>(CREATE[kind], [
    name,
    access,
    expiresInSeconds,
    userId,
  ]);
  const [made] = rows;
  if (made === undefined) throw new HooklineError('internal_error');
  return { id: made.id, json: await readToken(tx, kind, made.id), secret: made.secret };
}

/** Those that the caller sees, newest first; of one user, or of all. */
export async function listTokens(
  tx: Queryable,
  kind: TokenKind,
  userId: string | null,
  { limit, after }: PageRequest,
): Promise<Page> {
  const params = [kind, userId, after?.at ?? null, after?.id ?? null, limit + 1, null];
  return pageOf((await tx.query<PageRow>(LIST, params)).rows, limit);
}

/** The JSON of one. Throws `access_token_not_found` also when it is another user's. */
export async function readToken(tx: Queryable, kind: TokenKind, id: string): Promise<string> {
  const { rows } = await tx.query<PageRow>(LIST, [kind, null, null, null, 1, id]);
  const [token] = rows;
  if (token === undefined) throw new HooklineError('access_token_not_found');
  return token.json;
}

/** Ends one; it is gone within seconds in every process. Throws `access_token_not_found`, and `sign_in_required` by a key or token. */
export async function revokeToken(tx: Queryable, kind: TokenKind, id: string): Promise<void> {
  await readToken(tx, kind, id);
  await tx.query('SELECT FROM public.revoke_webhook_access_token($1::uuid)', [id]);
}
