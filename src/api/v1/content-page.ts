import { HooklineError } from '../../errors.js';
import { type ContentPage, type ContentPageRequest, isContentId } from '../../manage/content/content.js';
import { DEFAULT_LIMIT } from './page.js';

const CURSOR = /^content ([0-9]{1,19})$/;

/** The part of a list of received webhooks that a query asks for. Throws `invalid_cursor` (400). */
export function contentPageRequest({
  limit = DEFAULT_LIMIT,
  cursor,
}: {
  readonly limit?: number;
  readonly cursor?: string;
}): ContentPageRequest {
  if (cursor === undefined) return { limit, after: null };
  const [, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (id === undefined || !isContentId(id)) throw new HooklineError('invalid_cursor');
  return { limit, after: id };
}

/** The body of such a list: `{"data": […], "next_cursor": …}`. */
export function contentPageBody({ items, next }: ContentPage): string {
  const cursor = next === null ? null : Buffer.from(`content ${next}`, 'latin1').toString('base64url');
  return `{"data":[${items.join(',')}],"next_cursor":${JSON.stringify(cursor)}}`;
}
