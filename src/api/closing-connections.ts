import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** What is on its way over a connection that is silent gets there. */
const GRACE_MS = 1_000;
/** How long an answer that is read slowly holds up a close: of the 25 s that a shutdown may take, the rest is for what is still being worked on. */
const READ_WITHIN_MS = 10_000;

/**
 * Has the server, once it closes, do what Node leaves: it lets answers that are being read get there (Node cuts them off), and ends connections that ask nothing. Node ends
 * those only that are idle at that moment, not ones that have not asked yet (browsers open such ahead), nor ones that become idle afterwards: a close would wait for each
 * as long as it may.
 */
export function closeConnectionsInOrder(app: FastifyInstance): void {
  const open = new Map<Socket, Set<ServerResponse>>();
  let isClosing = false;
  const endIfSilent = (socket: Socket): void => {
    if (!isClosing || open.get(socket)?.size !== 0) return;
    setTimeout(() => open.get(socket)?.size === 0 && socket.destroy(), GRACE_MS).unref();
  };
  app.server.on('connection', (socket) => {
    open.set(socket, new Set());
    socket.once('close', () => open.delete(socket));
  });
  app.server.on('request', ({ socket }, response) => {
    open.get(socket)?.add(response);
    response.once('close', () => {
      open.get(socket)?.delete(response);
      endIfSilent(socket);
    });
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of open.keys()) endIfSilent(socket);
    const beingRead = [...open.values()].flatMap((answers) => [...answers]).filter(isBeingRead);
    await Promise.race([
      Promise.allSettled(beingRead.map((answer) => once(answer, 'close'))),
      sleep(READ_WITHIN_MS, undefined, { ref: false }),
    ]);
  });
}

/** Whether all of an answer was given to Node, and not all of it is on its way. */
function isBeingRead({ writableEnded, writableFinished }: ServerResponse): boolean {
  return writableEnded && !writableFinished;
}
