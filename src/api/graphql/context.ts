import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import type { Page, PageRequest } from '../../manage/page.js';
import { namedUser, type UserName } from '../../manage/users/named-user.js';
import { cursorOf, pageBody } from '../v1/page.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { tooLarge } from './too-large.js';

/** What resolvers do their work with: the request, and the two ways to the database. */
export interface Context {
  /** Not request, which Yoga has for its own. */
  readonly incoming: FastifyRequest;
  readonly reply: FastifyReply;
  readonly v1: V1;
  /** Characters of JSON that the document has read. */
  readonly taken: { characters: number };
}

/** Of all that a document reads: an answer is built in memory, and nobody else is served while it is printed. */
const MOST_CHARACTERS = 8_000_000;

/** GraphQL says null for what a caller left out by a variable. */
type OrNull<Given> = { readonly [Name in keyof Given]?: Given[Name] | null };

export type PageArgs = OrNull<{ first: number; after: string }>;
export type UserArgs = OrNull<Required<UserName>>;

/** Reads JSON with the caller's rights in a READ ONLY transaction. Throws `query_too_large` once the document has read too much. */
export async function read({ v1, incoming, taken }: Context, fn: (tx: Queryable) => Promise<string>): Promise<unknown> {
  const json = await v1.read(incoming, (tx) => {
    refuseTooMuch(taken);
    return fn(tx);
  });
  taken.characters += json.length;
  refuseTooMuch(taken);
  return JSON.parse(json);
}

function refuseTooMuch({ characters }: Context['taken']): void {
  if (characters > MOST_CHARACTERS) throw tooLarge(`It reads more than ${MOST_CHARACTERS} characters.`);
}

/** Changes something with the caller's rights, and reads the JSON that it gives. Throws `read_only_credential`. */
export async function write<Json = unknown>(
  { v1, incoming }: Context,
  fn: (tx: Queryable) => Promise<string>,
): Promise<Json> {
  return JSON.parse(await v1.write(incoming, fn));
}

/** Reads a page. Throws `invalid_request`, `invalid_cursor`. */
export async function readPage(
  context: Context,
  { first, after }: PageArgs,
  fn: (tx: Queryable, page: PageRequest) => Promise<Page>,
): Promise<unknown> {
  const limit = first ?? 20;
  if (limit < 1 || limit > 100) throw new HooklineError('invalid_request', 'first takes 1 to 100.');
  const page = { limit, after: cursorOf(after ?? undefined) };
  return read(context, async (tx) => pageBody(await fn(tx, page)));
}

/** The user that the service names; for a user, who may name none, undefined. Throws `forbidden`, and what `namedUser` does. */
export function userOf({ incoming }: Context, tx: Queryable, given: UserArgs): Promise<string | undefined> {
  const name = userName(given);
  checkUserName(incoming.caller, name);
  return namedUser(tx, name);
}

export function userName({ user_id, external_user_id }: UserArgs): UserName {
  return { ...(user_id != null && { user_id }), ...(external_user_id != null && { external_user_id }) };
}

/** Without what is null. */
export function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}
