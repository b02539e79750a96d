import type { paths } from '../api-types.js';
import { ok } from './result.js';

interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

type Get<Path extends keyof paths> = paths[Path] extends { get: infer Operation } ? Operation : never;
type Answered<Path extends keyof paths> =
  Get<Path> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;
type Item<Path extends keyof paths> =
  Answered<Path> extends { data: readonly (infer One)[]; next_cursor: string | null } ? One : never;

/** Paths whose answer is a page of a list. */
export type ListPath = { [Path in keyof paths]: [Item<Path>] extends [never] ? never : Path }[keyof paths];

type ParametersOf<Path extends keyof paths> = Get<Path> extends { parameters: infer Parameters } ? Parameters : never;
type Init<Path extends keyof paths> =
  ParametersOf<Path> extends { path: object }
    ? [init: { readonly params: ParametersOf<Path>; readonly signal?: AbortSignal }]
    : [init?: { readonly params?: ParametersOf<Path>; readonly signal?: AbortSignal }];

/** Goes through a list, page by page as it is read. Throws HooklineApiError when a page is refused. */
export type Each = <Path extends ListPath>(path: Path, ...init: Init<Path>) => AsyncGenerator<Item<Path>, void, void>;

/** A call as openapi-fetch makes it, without its types: those of `Each` say the same. */
type UntypedGet = (
  path: string,
  init: { readonly params: { readonly query: object } },
) => Promise<{ readonly data?: unknown; readonly response: Response }>;

/** `each` over a GET. */
export function eachOf(get: UntypedGet): Each {
  return async function* each<Path extends ListPath>(path: Path, ...[init]: Init<Path>) {
    const { params, ...rest } = (init ?? {}) as { readonly params?: { readonly query?: object } };
    let cursor: string | null = null;
    do {
      const query: object = { ...params?.query, ...(cursor !== null && { cursor }) };
      const page = ok(await get(path, { ...rest, params: { ...params, query } })) as Page<Item<Path>>;
      yield* page.data;
      cursor = page.next_cursor;
    } while (cursor !== null);
  };
}
