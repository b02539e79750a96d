import { Client, type Config, DatabaseError } from '@planetscale/database';
import type { Store } from '../store.js';
import { parseUrl } from '../url.js';
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
  /** Sends the driver's requests, in place of the global one. */
  readonly fetch?: PlanetscaleFetch;
  /** Time limit of one statement. 5,000 by default. */
  readonly timeoutMs?: number;
};

/**
 * What PlanetScale said of a statement, without its message, which may carry SQL and values. `code` is for the log: `errno_1213`, Vitess's
 * name where there is no number (`Unavailable`), `http_502`.
 */
export class PlanetscaleError extends Error {
  readonly code: string;
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;
  /** As `Aborted`, `Unavailable`, `ResourceExhausted`. */
  readonly vitessCode: string | undefined;

  constructor(message: string, details: { code: string; errno?: number; sqlState?: string; vitessCode?: string }) {
    super(message);
    this.name = 'PlanetscaleError';
    this.code = details.code;
    this.errno = details.errno;
    this.sqlState = details.sqlState;
    this.vitessCode = details.vitessCode;
  }
}

/**
 * `ai_content` on PlanetScale, over its serverless driver.
 * @throws TypeError at once when the URL, or the host, user name or password is missing or malformed.
 */
export function planetscaleStore(options: PlanetscaleStoreOptions): Store {
  const { keepPayload = true, timeoutMs = 5_000 } = options;
  const given = 'client' in options ? options.client.config : options;
  const config = { ...target(given), fetch: limited(options.fetch ?? given.fetch, timeoutMs) };
  const client = new Client(config);
  return storeInMysql({
    name: 'planetscale',
    keepPayload,
    async run(sql, params) {
      try {
        return await client.execute(sql, params);
      } catch (error) {
        throw error instanceof DatabaseError ? withoutMessage(error) : error;
      }
    },
  });
}

/** Where to and who, and nothing else of the settings: another `cast` or `format` would change what the store reads and sends. */
function target({ url, host, username, password }: Config): Config {
  if (url !== undefined) {
    const { username: user, password: secret } = parseUrl(url) ?? { username: '', password: '' };
    if (user === '' || secret === '') throw new TypeError('url must look like mysql://user:password@host.');
    return { url };
  }
  if (!host || !username || !password) throw new TypeError('host, username and password must not be empty.');
  return { host, username, password };
}

/** The driver's fetch with a time limit, which it lacks, and with the answer checked: it takes `{}` for a statement that changed nothing. */
function limited(send: PlanetscaleFetch = (input, init) => fetch(input, init), timeoutMs: number): PlanetscaleFetch {
  const keepsCache = takesCache();
  return async (input, init) => {
    const { cache, ...rest } = init ?? { method: 'POST', headers: {}, body: '{}' };
    const limits = { signal: AbortSignal.timeout(timeoutMs), ...(keepsCache && cache !== undefined && { cache }) };
    const response = await send(input, { ...rest, ...limits });
    return {
      ok: response.ok,
      status: response.status,
      statusText: response.statusText,
      ...(response.headers !== undefined && { headers: response.headers }),
      async text() {
        const text = await response.text();
        if (response.ok && !/"(result|error|session)"/.test(text)) {
          throw new PlanetscaleError('PlanetScale answered without a result.', { code: 'no_result' });
        }
        return text;
      },
    };
  };
}

/** Workers of an older compatibility date throw at the `cache` that the driver sets; elsewhere it keeps a framework from caching a query. */
function takesCache(): boolean {
  const asTheDriver: object = { cache: 'no-store' };
  try {
    return new Request('https://localhost', asTheDriver) instanceof Request;
  } catch {
    return false;
  }
}

function withoutMessage({ message, status, body }: DatabaseError): PlanetscaleError {
  const [, errno] = /\(errno (\d+)\)/.exec(message) ?? [];
  const [, sqlState] = /\(sqlstate (\w{5})\)/.exec(message) ?? [];
  const [, vitessCode] = /code = (\w+)/.exec(message) ?? [];
  const known = vitessCode ?? (body?.code === undefined || body.code === 'UNKNOWN' ? `http_${status}` : body.code);
  const code = errno === undefined ? known : `errno_${errno}`;
  return new PlanetscaleError(`PlanetScale refused a statement: ${code}.`, {
    code,
    ...(errno !== undefined && { errno: Number(errno) }),
    ...(sqlState !== undefined && { sqlState }),
    ...(vitessCode !== undefined && { vitessCode }),
  });
}
