import ipaddr from 'ipaddr.js';
import { Type } from 'typebox';
import { isLoopbackAddress } from '../egress/loopback.js';
import { bareHost } from './bare-host.js';
import { parseRedisUrl } from './redis-url.js';
import { parseSecretKeys } from './secret-keys.js';
import { isServerUrl } from './server-url.js';

/** Text for which `check` holds; `takes` is what the message about a wrong value says. A check that throws counts as false. */
function text(takes: string, check: (value: string) => boolean) {
  const safe = (value: string): boolean => {
    try {
      return check(value);
    } catch {
      return false;
    }
  };
  return Type.Refine(Type.String({ description: takes }), safe, () => takes);
}

/** A whole number from `least` to `most`, written in decimal digits alone. */
export function wholeNumber(least: number, most: number) {
  const inRange = (value: string): boolean =>
    /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most;
  return Type.Codec(text(`a whole number from ${least} to ${most}`, inRange))
    .Decode((value) => Number(value))
    .Encode(String);
}

/** One of the words, as written. */
export function oneOf(words: readonly string[]) {
  return text(`one of ${words.join(', ')}`, (value) => words.includes(value));
}

/** The URL of a PostgreSQL database, as `pg` takes it (an empty host means the local socket). */
export const postgresUrl = text(
  'a URL such as postgres://user:password@host:5432/database, with special characters in the password percent-encoded',
  (value) => /^postgres(ql)?:\/\//i.test(value) && URL.canParse(value.replace('@/', '@localhost/')),
);

/** Where the receiver stores: MySQL, PostgreSQL, or a server that speaks PlanetScale's HTTP protocol. */
export const receiverUrl = text(
  'a URL such as mysql://user:password@host:3306/database, postgres://… or https://user:password@host for PlanetScale',
  (value) => {
    if (/^postgres(ql)?:\/\//i.test(value)) return URL.canParse(value.replace('@/', '@localhost/'));
    const { protocol, hostname, username, pathname } = new URL(value);
    if (hostname === '' || username === '') return false;
    return protocol === 'mysql:' ? pathname.length > 1 : protocol === 'https:' || protocol === 'http:';
  },
);

/** A database of MySQL or MariaDB. */
export const mysqlUrl = text(
  'a URL such as mysql://user:password@host:3306/database, with special characters in the password percent-encoded',
  (value) => {
    const { protocol, hostname, username, pathname } = new URL(value);
    return protocol === 'mysql:' && hostname !== '' && username !== '' && pathname.length > 1;
  },
);

/** The root of an HTTP API that a secret is sent to. Plain http is for this machine alone. */
export const httpUrl = text('an https URL, or an http one of this machine, without a path', (value) => {
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
  const isBare = pathname === '/' && search === '' && hash === '' && username === '' && password === '';
  return isBare && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)));
});

/** Where a Hookline is, for the command line. */
export const serverUrl = text(
  'an http or https URL such as https://hookline.example.com, without credentials',
  isServerUrl,
);

/** Where Redis is: one server, or nodes of a cluster. */
export const redisUrl = text(
  'a URL such as redis://user:password@host:6379/0, rediss:// for TLS, or redis://host:6379,other:6379 for a cluster',
  (value) => parseRedisUrl(value) !== undefined,
);

/** Keys that secrets are encrypted with. */
export const secretKeys = Type.Codec(
  text(
    'keys as id:key, separated by commas, each key 32 bytes in base64 (`openssl rand -base64 32`) and each id its own',
    (value) => parseSecretKeys(value) !== undefined,
  ),
)
  .Decode((value) => parseSecretKeys(value) ?? [])
  .Encode((keys) => keys.map(({ id, bytes }) => `${id}:${bytes.toString('base64')}`).join(','));

export const path = text('the path of a folder', (value) => !value.includes('\0'));

export const host = text(
  'a host name or an IP address to listen on',
  (value) => ipaddr.isValid(value) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value),
);

/** A key of at least `least` characters that stands in a header. */
export function key(least = 1) {
  const takes = `${least > 1 ? `at least ${least} ` : ''}visible ASCII characters, without spaces`;
  return text(takes, (value) => value.length >= least && /^[\x21-\x7e]+$/.test(value));
}

/** A signing secret of at least `least` characters. */
export function secret(least = 1) {
  return text(`at least ${least} characters`, (value) => [...value].length >= least);
}

/** What a claim of a token is compared with. */
export const word = text('visible characters, without spaces', (value) => /^[^\s\p{C}]+$/u.test(value));

/** Where a JSON Web Key Set is fetched. Plain http is for this machine alone: who can change the answer can sign as anyone. */
export const keySetUrl = text(
  'an https URL, or an http one of this machine, such as https://project.supabase.co/auth/v1/.well-known/jwks.json',
  (value) => {
    const url = new URL(value);
    if (url.username !== '' || url.password !== '') return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  },
);

/** Networks in CIDR form, separated by commas. */
export const networks = Type.Codec(
  text('networks in CIDR form, separated by commas, such as 10.0.0.0/8,fd00::/8', (value) =>
    items(value).every((item) => ipaddr.parseCIDR(item) !== undefined),
  ),
)
  .Decode((value) => items(value))
  .Encode((value) => value.join(','));

/** Ports and ranges of ports, separated by commas. */
export const ports = Type.Codec(
  text('ports and ranges of ports from 1 to 65535, separated by commas, such as 80,443,8000-8999', (value) => {
    const list = items(value);
    return list.length > 0 && list.every(isPortRange);
  }),
)
  .Decode((value) => items(value).map(portRange))
  .Encode((value) => value.map(([first, last]) => `${first}-${last}`).join(','));

/** The proxy that outgoing calls are made through. */
export const proxyUrl = text(
  'a URL such as http://user:password@host:3128 or socks5://host:1080, with special characters in the password percent-encoded',
  (value) => {
    const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
    const isBare = (pathname === '' || pathname === '/') && search === '' && hash === '';
    // SOCKS5 tells the length of each in one byte.
    const fit = [username, password].every((part) => Buffer.byteLength(decodeURIComponent(part)) <= 255);
    return isBare && fit && hostname !== '' && (protocol === 'http:' || protocol === 'socks5:');
  },
);

/** Origins (scheme, host and port of a URL), separated by commas. */
export const origins = Type.Codec(
  text('origins separated by commas, such as https://api.modelriver.com, without a path', (value) =>
    items(value).every(isOrigin),
  ),
)
  .Decode((value) => items(value).map((item) => new URL(item).origin))
  .Encode((value) => value.join(','));

/** Origins whose pages may call from a browser, or `*` for any. */
export const corsOrigins = Type.Codec(
  text('origins separated by commas, such as https://app.example.com, without a path, or * for any', (value) =>
    items(value).every((item) => value.trim() === '*' || (isOrigin(item) && !item.includes('*'))),
  ),
)
  .Decode((value) => items(value).map((item) => (item === '*' ? item : new URL(item).origin)))
  .Encode((value) => value.join(','));

/** Names that a browser may open the dashboard under, each as `host` (at any port) or `host:port`. */
export const hosts = Type.Codec(
  text('host names separated by commas, such as hooks.example.com or hooks.example.com:8443', (value) =>
    items(value).every(isHost),
  ),
)
  .Decode((value) => items(value).map((item) => item.toLowerCase()))
  .Encode((value) => value.join(','));

function items(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isPortRange(item: string): boolean {
  const [first, last] = portRange(item);
  return /^\d{1,5}(-\d{1,5})?$/.test(item) && first >= 1 && first <= last && last <= 65_535;
}

function portRange(item: string): readonly [first: number, last: number] {
  const [first = '', last = first] = item.split('-');
  return [Number(first), Number(last)];
}

/** As the header `Host` has it: the name that a URL with it has, too. */
function isHost(item: string): boolean {
  if (!/^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(item)) return false;
  const [name = ''] = /^(\[.*\]|[^:]*)/.exec(item) ?? [];
  return new URL(`http://${item}`).hostname === name.toLowerCase();
}

function isOrigin(item: string): boolean {
  const url = new URL(item);
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && (url.protocol === 'https:' || url.protocol === 'http:');
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost') return true;
  return isLoopbackAddress(bareHost({ hostname }));
}
