import { Type } from 'typebox';
import { HooklineError } from '../../errors.js';
import type { Cursor, Page, PageRequest } from '../../manage/page.js';

export const DEFAULT_LIMIT = 20;

export const PAGE_QUERY = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: DEFAULT_LIMIT, description: 'How many at most.' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next_cursor` of the page before.' })),
};

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The cursor in a query; null at the beginning. Throws `invalid_cursor` (400) for what no page gave. */
export function cursorOf(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const [, at, id] = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (at === undefined || id === undefined || !isTime(at)) throw new HooklineError('invalid_cursor');
  return { at, id };
}

/** That PostgreSQL can read it: of 2025-02-30 JavaScript makes another day, of a 13th month nothing. */
function isTime(at: string): boolean {
  const time = new Date(at);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === at.slice(0, 19) && !at.startsWith('0000');
}

/** The part of a list that a query asks for. Throws `invalid_cursor` (400). */
export function pageRequest(query: { readonly limit?: number; readonly cursor?: string }): PageRequest {
  return { limit: query.limit ?? DEFAULT_LIMIT, after: cursorOf(query.cursor) };
}

/** The body of a list: `{"data": […], "next_cursor": …}`. */
export function pageBody({ items, next }: Page): string {
  const cursor = next === null ? null : Buffer.from(`${next.at} ${next.id}`, 'latin1').toString('base64url');
  return `{"data":[${items.join(',')}],"next_cursor":${JSON.stringify(cursor)}}`;
}
