import { setImmediate } from 'node:timers/promises';
import type { V1 } from '../v1/scope.js';

/**
 * The same, for one document: its transactions run one after the other, so that a document takes one connection, as a request under /v1 does; three with four
 * each took the whole pool for 26 s. Since PGlite answers without a turn of the event loop, each waits for one: 300 mutations held up everybody for 1.5 s.
 */
export function inTurns(v1: V1): V1 {
  let last: Promise<unknown> = Promise.resolve();
  const take = <T>(fn: () => Promise<T>): Promise<T> => {
    const given = last.then(() => setImmediate()).then(fn);
    last = given.catch(() => undefined);
    return given;
  };
  return {
    auth: v1.auth,
    read: (request, fn) => take(() => v1.read(request, fn)),
    write: (request, fn) => take(() => v1.write(request, fn)),
  };
}
