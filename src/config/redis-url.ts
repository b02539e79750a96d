import { bareHost } from './bare-host.js';
/** Where Redis is, and how to log in. */
export interface RedisSettings {
  /** One server, or nodes of a cluster to begin with. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  readonly isTls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 6379;

/**
 * Parses `redis://user:password@host:6379/0` (`rediss:` for TLS); more nodes of a cluster follow as `,host:port` behind the first one's port.
 * Throws a plain error, which repeats nothing of the URL, when it is anything else.
 */
export function parseRedisUrl(text: string): RedisSettings {
  const [, head, more = '', path = ''] = /^(rediss?:\/\/[^,/?#]+)((?:,[^,/?#]+)*)(\/\d{0,4})?$/.exec(text) ?? [];
  if (head === undefined) throw new Error('not a URL of Redis');
  const { protocol, username, password, hostname, port } = new URL(head);
  const others = more.split(',').slice(1).map(node);
  const db = Number(path.slice(1));
  if (others.length > 0 && db > 0) throw new Error('a cluster has database 0 alone');
  return {
    nodes: [{ host: hostOf(hostname), port: Number(port) || DEFAULT_PORT }, ...others],
    isTls: protocol === 'rediss:',
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db,
  };
}

function node(text: string): RedisNode {
  const { hostname, port, username, password } = new URL(`redis://${text}`);
  if (username !== '' || password !== '') throw new Error('the login stands once, before the first node');
  return { host: hostOf(hostname), port: Number(port) || DEFAULT_PORT };
}

function hostOf(hostname: string): string {
  if (hostname === '') throw new Error('no host');
  return bareHost({ hostname });
}
