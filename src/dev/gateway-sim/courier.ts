import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { attempt, type Outgoing, succeeded } from './attempt.js';
import type { Change } from './changes.js';
import type { LiveRequest } from './request.js';

export interface CourierOptions {
  /** The wait before each attempt, in milliseconds. */
  readonly waitsMs: readonly number[];
  readonly answerWithinMs: number;
  readonly onChange: (change: Change) => void;
}

export interface Courier {
  /** Sends a request, again and again until it is answered 2xx, `attempts` times at most. The first attempt begins at once. */
  send(request: LiveRequest, outgoing: Outgoing, attempts: number): void;
  /** Breaks what is under way off. */
  close(): Promise<void>;
}

/** Sends webhooks by the schedule. Connections are as many as attempts: one slow receiver does not hold up the others. */
export function createCourier({ waitsMs, answerWithinMs, onChange }: CourierOptions): Courier {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: answerWithinMs } });
  const stopping = new AbortController();
  // Every webhook that waits for its next attempt listens.
  setMaxListeners(0, stopping.signal);
  const running = new Set<Promise<void>>();

  async function deliver(request: LiveRequest, outgoing: Outgoing, waits: readonly number[]): Promise<void> {
    for (const [index, waitMs] of waits.entries()) {
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopping.signal });
      request.channel?.begin();
      const made = await attempt(outgoing, index + 1, { dispatcher, answerWithinMs });
      if (stopping.signal.aborted) return;
      request.attempted(made);
      const againInMs = succeeded(made) ? null : (waits[index + 1] ?? null);
      if (succeeded(made)) request.state = 'delivered';
      onChange({ kind: 'attempted', request, attempt: made, againInMs });
      if (succeeded(made)) return awaitCallback(request);
    }
    request.end('dead_lettered');
    onChange({ kind: 'dead_lettered', request });
  }

  function awaitCallback(request: LiveRequest): void {
    const { channel, expectsCallback } = request;
    if (channel === undefined || !expectsCallback) {
      request.end('delivered');
      return;
    }
    channel.awaitCallback({
      calledBack: () => request.end('called_back'),
      timedOut() {
        request.end('timed_out');
        onChange({ kind: 'timed_out', request });
      },
    });
  }

  return {
    send(request, outgoing, attempts) {
      const delivery = deliver(request, outgoing, waitsMs.slice(0, attempts)).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
      running.add(delivery);
      delivery.finally(() => running.delete(delivery));
    },
    async close() {
      stopping.abort();
      await dispatcher.destroy();
      await Promise.all(running);
    },
  };
}
