import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onFreePort } from './services/free-port.js';

/** A network between two processes that can be made to fail. */
export interface TcpProxy {
  readonly port: number;
  /** The same URL with the proxy in the place of the host and port. */
  through(url: string): string;
  /** Resets every connection; new ones are let through. */
  cut(): void;
  /** Until the next `cut` the target hears, and nothing that it says comes back; from when `text` is next said to it, if given. */
  deafen(text?: string): void;
  /** Resets every connection and refuses new ones. */
  refuse(): Promise<void>;
  /** From now on bytes vanish, those of new connections too, and nobody is told: only a time-out notices. */
  swallow(): void;
  /**
   * New connections are let through again. Those that lost bytes stay as they are, dead and open, as after a firewall forgot them.
   * `delayMs` holds up every byte, each way.
   */
  pass(delayMs?: number): Promise<void>;
  /** How many connections are open, the dead ones too. */
  open(): number;
  close(): Promise<void>;
}

interface Link {
  readonly ends: readonly [Socket, Socket];
  isDead: boolean;
}

/**
 * Starts a proxy on a free port of 127.0.0.1 in front of host and port of `target`, which need not listen yet. With `allowHalfOpen` a goodbye that it swallows
 * is not answered either, as where the peer is gone.
 */
export async function startTcpProxy(target: string, allowHalfOpen = false): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const links = new Set<Link>();
  let swallows = false;
  /** Undefined: what the target says comes back. */
  let deafFrom: string | undefined;
  let delayMs = 0;

  const server = createServer({ allowHalfOpen }, (near) => {
    const far = connect(Number(targetPort), hostname);
    const link: Link = { ends: [near, far], isDead: swallows };
    links.add(link);
    forward(near, far, link);
    forward(far, near, link);
  });
  // One that no call takes while the proxy refuses.
  const port = await onFreePort(async (free) => {
    server.listen(free, '127.0.0.1');
    await once(server, 'listening');
    return free;
  });

  function forward(from: Socket, to: Socket, link: Link): void {
    const [near, far] = link.ends;
    from.setNoDelay(true);
    // One after the other, so that a delay that ends does not let later bytes overtake.
    let last = Promise.resolve();
    const inTurn = (action: () => void): void => {
      const wait = delayMs;
      last = last.then(async () => {
        if (wait > 0) await sleep(wait);
        if (!link.isDead) action();
      });
    };
    from.on('data', (chunk) => {
      if (to === near && deafFrom === '') return;
      if (to === far && deafFrom !== undefined && chunk.includes(deafFrom)) deafFrom = '';
      inTurn(() => void to.write(chunk));
    });
    from.on('end', () => inTurn(() => to.end()));
    from.on('error', () => undefined);
    from.on('close', (hadError) => {
      if (!link.isDead && hadError) to.destroy();
      if (link.ends.every((end) => end.destroyed)) links.delete(link);
    });
  }

  function reset(): void {
    for (const { ends } of links) for (const end of ends) end.resetAndDestroy();
  }

  return {
    port,
    through(url) {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    },
    cut() {
      deafFrom = undefined;
      reset();
    },
    deafen(text = '') {
      deafFrom = text;
    },
    async refuse() {
      if (!server.listening) return;
      server.close();
      reset();
      await once(server, 'close');
    },
    swallow() {
      swallows = true;
      for (const link of links) link.isDead = true;
    },
    async pass(delay = 0) {
      swallows = false;
      delayMs = delay;
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    open: () => links.size,
    async close() {
      reset();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
