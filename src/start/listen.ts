import type { FastifyInstance } from 'fastify';
import { codeOf, HooklineError } from '../errors.js';

/** Listens on host and port, which `variable` of the environment names, and gives the server's URL. Throws `address_in_use`, or `invalid_config` when the host cannot be used. */
export async function listen(
  server: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  variable: 'PORT' | 'HOOKLINE_METRICS_PORT' = 'PORT',
): Promise<string> {
  try {
    return await server.listen({ host, port, listenTextResolver: (address) => `Listening on ${address}` });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new HooklineError('address_in_use', `Port ${port} on ${host} is in use by another process.`, {
        hint: `Stop that process, or choose another port with ${variable}.`,
        cause: error,
      });
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
      throw new HooklineError('invalid_config', `Cannot listen on ${host}, port ${port} (${code}).`, {
        hint: `HOST takes an address of this machine, ${variable} a port that this user may open.`,
        cause: error,
      });
    }
    throw error;
  }
}
