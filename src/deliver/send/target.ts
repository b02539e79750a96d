import { LRUCache } from 'lru-cache';

/** Where a call goes, as undici takes it. */
export interface Target {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Credentials in a URL are sent as Basic authentication (RFC 7617), as curl does; they stay out of the recorded headers. */
  readonly authorization: string | undefined;
}

const CACHE = new LRUCache<string, Target>({ max: 5_000 });

/** The target of a webhook's URL; undefined when it is no http or https URL, or its credentials are not well encoded. */
export function targetOf(url: string): Target | undefined {
  const known = CACHE.get(url);
  if (known !== undefined) return known;
  const target = parse(url);
  if (target !== undefined) CACHE.set(url, target);
  return target;
}

function parse(text: string): Target | undefined {
  try {
    const { protocol, origin, pathname, search, username, password } = new URL(text);
    if (protocol !== 'https:' && protocol !== 'http:') return undefined;
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const authorization = pair === ':' ? undefined : `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    return { origin, path: pathname + search, authorization };
  } catch {
    return undefined;
  }
}
