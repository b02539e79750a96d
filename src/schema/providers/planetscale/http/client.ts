import { type Static, type TSchema, Type } from 'typebox';
import { inShape } from './answer.js';
import { PlanetscaleError } from './api-error.js';
import { createExchange, type ExchangeOptions, type Request } from './exchange.js';
import type { Asked } from './refusal.js';
import { withTries } from './tries.js';

export interface ApiOptions extends ExchangeOptions {
  /** What the waits between tries begin with. */
  readonly retryMs: number;
}

/** PlanetScale's REST API of one database. Paths stand below it (`/branches`). Every method throws PlanetscaleError, or the signal's reason. */
export interface Api {
  get<Shape extends TSchema>(path: string, shape: Shape, signal?: AbortSignal): Promise<Static<Shape>>;
  /** All pages of a list. */
  list<Item extends TSchema>(path: string, item: Item, signal?: AbortSignal): Promise<Static<Item>[]>;
  /** Not sent again where it may have come in; then the error's exchange is `lost`. */
  send<Shape extends TSchema>(
    method: 'POST' | 'PATCH',
    path: string,
    shape: Shape,
    request: Request,
  ): Promise<Static<Shape>>;
  delete(path: string): Promise<void>;
}

const PER_PAGE = 100;
const MAX_PAGES = 100;

/** The client. Nothing is asked for until one of its methods is called. */
export function createApi(options: ApiOptions): Api {
  const ask = withTries(createExchange(options), options.retryMs);

  async function shaped<Shape extends TSchema>(asked: Asked, shape: Shape, request: Request): Promise<Static<Shape>> {
    const { status, text } = await ask(asked, request);
    return inShape(asked, shape, status, text);
  }

  return {
    get: (path, shape, signal) => shaped({ method: 'GET', path }, shape, { signal }),
    async list(path, item, signal) {
      const shape = Type.Object({
        data: Type.Array(item),
        next_page: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
      });
      const items: Static<typeof item>[] = [];
      const mark = path.includes('?') ? '&' : '?';
      let page = 1;
      for (let pages = 1; ; pages++) {
        const paged = `${path}${mark}page=${page}&per_page=${PER_PAGE}`;
        const { data, next_page: next } = await shaped({ method: 'GET', path: paged }, shape, { signal });
        items.push(...data);
        if (next === undefined || next === null) return items;
        if (next <= page || pages >= MAX_PAGES) throw endless(paged, next);
        page = next;
      }
    },
    send: (method, path, shape, request) => shaped({ method, path }, shape, request),
    async delete(path) {
      await ask({ method: 'DELETE', path }, {});
    },
  };
}

function endless(path: string, next: number): PlanetscaleError {
  return new PlanetscaleError(
    'planetscale_refused',
    `PlanetScale's list GET ${path} does not end: page ${next} comes next`,
    {
      exchange: { status: 200, words: '', lost: false },
      hint: 'Delete branches that are done with; Hookline reads lists of up to 10,000 entries.',
    },
  );
}
