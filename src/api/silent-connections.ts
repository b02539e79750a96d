import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** What is on its way over a connection that has just been opened gets there. */
const GRACE_MS = 1_000;
const IDLE_AGAIN_MS = 100;

/**
 * Has the server, once it closes, end connections that have not asked anything yet. Browsers open such ones ahead, and Node takes them for busy: a close would wait
 * for each as long as it may. So it would for one whose request was refused before its body had come: Node ends idle ones once, and this becomes idle afterwards.
 */
export function endSilentConnections(app: FastifyInstance): void {
  const silent = new Set<Socket>();
  let looking: NodeJS.Timeout | undefined;
  app.server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));
  app.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of silent) socket.destroy();
    }, GRACE_MS).unref();
    looking = setInterval(() => {
      if (!app.server.listening) app.server.closeIdleConnections();
    }, IDLE_AGAIN_MS).unref();
  });
  app.addHook('onClose', async () => clearInterval(looking));
}
