import { expect } from 'vitest';

/** A page of a list of the API. */
export interface List {
  readonly data: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly next_cursor: string | null;
}

type Query = Readonly<Record<string, string | number>>;
type Call = <Body>(method: 'GET', path: string, options: { bearer: string }) => Promise<{ status: number; body: Body }>;

export const idsOf = ({ data }: List): string[] => data.map(({ id }) => id);

/** Reads the list at a path: `list` one page, which has to answer 200, and `walk` the ids of all pages, one after the other. */
export function listAt(call: () => Call, path: string) {
  const list = async (bearer: string, query: Query = {}): Promise<List> => {
    const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const { status, body } = await call()<List>('GET', `${path}?${text}`, { bearer });
    expect(status).toBe(200);
    return body;
  };
  const walk = async (bearer: string, query: Query): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: List = await list(bearer, cursor === '' ? query : { ...query, cursor });
      pages.push(idsOf(page));
      cursor = page.next_cursor;
    }
    return pages;
  };
  return { list, walk };
}
