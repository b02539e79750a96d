import { bareHost } from '../../config/bare-host.js';
import { codeOf } from '../../errors.js';

/** Thrown when the egress proxy makes no connection. Its message names neither the proxy nor its credentials: it is shown to tenants. */
export class ProxyError extends Error {
  readonly code = 'proxy_error';

  constructor(message: string) {
    super(message);
    this.name = 'ProxyError';
  }
}

/** What a tunnel leads through, and to. */
export interface Tunnel {
  readonly proxy: URL;
  /** An address that was checked, never a name. */
  readonly address: string;
  readonly family: number;
  readonly port: number;
  readonly signal: AbortSignal;
}

/** Host and port of a proxy's URL as a socket takes them, and the credentials in it. */
export function partsOf(proxy: URL): { host: string; port: number; user: string; password: string } {
  return {
    host: bareHost(proxy),
    port: Number(proxy.port) || (proxy.protocol === 'socks5:' ? 1080 : 80),
    user: decodeURIComponent(proxy.username),
    password: decodeURIComponent(proxy.password),
  };
}

/** A failure of the connection to the proxy. */
export function unreachable(error: unknown): ProxyError {
  if (error instanceof ProxyError) return error;
  const code = codeOf(error) ?? 'no code';
  const text = code === 'ABORT_ERR' ? 'did not make the connection in time' : `could not be spoken to (${code})`;
  return new ProxyError(`The operator's egress proxy ${text}.`);
}
