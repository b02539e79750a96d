import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';

const PER_PAGE = 25;
const MOST_PER_PAGE = 100;

/** What every list takes in its query. Numbers out of range are brought into it. */
export const PageQuery = {
  page: Type.Optional(Type.Integer()),
  per_page: Type.Optional(Type.Integer()),
};

export interface Page<T> {
  readonly type: 'list';
  readonly current_page: number;
  readonly next_page: number | null;
  readonly next_page_url: string | null;
  readonly prev_page: number | null;
  readonly prev_page_url: string | null;
  readonly data: readonly T[];
}

/** One page of a list, with the URLs of its neighbours under the host that the client asked. */
export function pageOf<T>(
  request: FastifyRequest,
  query: { readonly page?: number; readonly per_page?: number },
  all: readonly T[],
): Page<T> {
  const perPage = Math.min(Math.max(query.per_page ?? PER_PAGE, 1), MOST_PER_PAGE);
  const page = Math.max(query.page ?? 1, 1);
  const next = page * perPage < all.length ? page + 1 : null;
  const previous = page > 1 ? page - 1 : null;
  const urlOf = (number: number | null): string | null => {
    if (number === null) return null;
    const url = new URL(request.url, `http://${request.host}`);
    url.searchParams.set('page', String(number));
    return url.href;
  };
  return {
    type: 'list',
    current_page: page,
    next_page: next,
    next_page_url: urlOf(next),
    prev_page: previous,
    prev_page_url: urlOf(previous),
    data: all.slice((page - 1) * perPage, page * perPage),
  };
}
