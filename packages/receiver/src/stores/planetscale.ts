import { Client, type Config, DatabaseError } from '@planetscale/database';
import type { Store } from '../store.js';
import { withSignal } from '../time.js';
import { parseUrl } from '../url.js';
import type { Gather } from './gather.js';
import { StatementError } from './mysql-errors.js';
import type { Run } from './mysql-run.js';
import { storeInMysql } from './mysql-store.js';

/** The driver's own type of `fetch`; any runtime's fits. */
export type PlanetscaleFetch = NonNullable<Config['fetch']>;

export type PlanetscaleStoreOptions = (
  | {
      /** Its settings are taken over; no query goes through it. */
      readonly client: Pick<Client, 'config'>;
    }
  | {
      /** As `mysql://user:password@host`, nothing percent-encoded; with `http:` it may name a local gateway. */
      readonly url: string;
    }
  | { readonly host: string; readonly username: string; readonly password: string }
) & {
  /** Whether the webhook stays in `payload` when callback and event are done, so that the row can be made again. True by default. */
  readonly keepPayload?: boolean;
  /** `gather`, in a process that serves many requests: what is written at about the same time is written together. */
  readonly gather?: Gather;
  /** Sends the driver's requests, in place of the global one. */
  readonly fetch?: PlanetscaleFetch;
  /** Time limit of one statement. 5,000 by default. */
  readonly timeoutMs?: number;
};

/**
 * `ai_content` on PlanetScale, over its serverless driver.
 * @throws TypeError at once when the URL, or the host, user name or password is missing or malformed.
 */
export function planetscaleStore(options: PlanetscaleStoreOptions): Store {
  const { keepPayload = true, gather } = options;
  return storeInMysql({ name: 'planetscale', keepPayload, gather, run: planetscaleRun(options) });
}

/** What runs the store's statements, for others on the same table: as `planetscaleStore`, with its time limit, and without the database's words in errors. */
export function planetscaleRun(options: PlanetscaleStoreOptions): Run {
  const { timeoutMs = 5_000 } = options;
  const given = 'client' in options ? options.client.config : options;
  const config = { ...target(given), fetch: limited(options.fetch ?? given.fetch, timeoutMs) };
  const client = new Client(config);
  return async (sql, params) => {
    try {
      return await client.execute(sql, params);
    } catch (error) {
      throw error instanceof DatabaseError ? withoutMessage(error) : error;
    }
  };
}

/** Where to and who, and nothing else of the settings: another `cast` or `format` would change what the store reads and sends. */
function target({ url, host, username, password }: Config): Config {
  if (url !== undefined) {
    const parsed = parseUrl(url);
    if (!/^(mysql|https?):$/.test(parsed?.protocol ?? '') || !parsed?.username || !parsed.password) {
      throw new TypeError('url must look like mysql://user:password@host.');
    }
    return { url };
  }
  if (!host || !username || !password) throw new TypeError('host, username and password must not be empty.');
  return { host, username, password };
}

/**
 * The driver's fetch with a time limit, which it lacks, without redirects, and with the answer checked: it takes `{}` for a statement that
 * changed nothing.
 */
function limited(send: PlanetscaleFetch = (input, init) => fetch(input, init), timeoutMs: number): PlanetscaleFetch {
  const keepsCache = takes({ cache: 'no-store' });
  // Where no redirect may come and no window asks, Node need not keep a second copy of the body: a seventh of its time for a request.
  const direct = takes(DIRECT) ? DIRECT : {};
  return async (input, init) => {
    const { cache, ...rest } = init ?? { method: 'POST', headers: {}, body: '{}' };
    const request = keepsCache && cache !== undefined ? { ...rest, cache } : rest;
    return withSignal(timeoutMs, async (signal) => {
      const limits = { signal, ...direct };
      const response = await send(input, { ...request, ...limits });
      const text = await response.text();
      if (response.ok && !/"(result|error|session)"/.test(text)) {
        throw new StatementError('PlanetScale answered without a result.', { code: 'no_result' });
      }
      const { ok, status, statusText, headers } = response;
      return { ok, status, statusText, ...(headers !== undefined && { headers }), text: async () => text };
    });
  };
}

const DIRECT = { redirect: 'error', window: null };

/**
 * Whether the runtime's requests may have these settings. Workers know no redirect "error", and those of an older compatibility date throw at the
 * `cache` that the driver sets; elsewhere that keeps a framework from caching a query.
 */
function takes(settings: object): boolean {
  try {
    return new Request('https://localhost', settings) instanceof Request;
  } catch {
    return false;
  }
}

function withoutMessage({ message, status, body }: DatabaseError): StatementError {
  const [, errno] = /\(errno (\d+)\)/.exec(message) ?? [];
  const [, sqlState] = /\(sqlstate (\w{5})\)/.exec(message) ?? [];
  const [, vitessCode] = /code = (\w+)/.exec(message) ?? [];
  const known = vitessCode ?? (body?.code === undefined || body.code === 'UNKNOWN' ? `http_${status}` : body.code);
  const code = errno === undefined ? known : `errno_${errno}`;
  return new StatementError(`PlanetScale refused a statement: ${code}.`, {
    code,
    ...(errno !== undefined && { errno: Number(errno) }),
    ...(sqlState !== undefined && { sqlState }),
    ...(vitessCode !== undefined && { vitessCode }),
  });
}
