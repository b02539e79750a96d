import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

export interface Bystander {
  /** How long each of its deliveries took from its commit to the receiver, in ms; one that has not come took until now. */
  waits(): number[];
  /** Resolves when its next delivery has been triggered. */
  next(): Promise<void>;
  /** Triggers no more. Safe to call twice. */
  stop(): Promise<void>;
}

export interface BystanderOptions {
  /** Triggers an event and gives the ids of its deliveries. An error is that of a database that is away: it is tried again. */
  readonly trigger: () => Promise<string[]>;
  readonly receiver: ReceiverServer;
  readonly intervalMs: number;
}

/** Triggers again and again, and takes the time of each delivery. */
export function startBystander({ trigger, receiver, intervalMs }: BystanderOptions): Bystander {
  const committed = new Map<string, number>();
  const stopping = new AbortController();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const ids = await trigger().catch(() => []);
      for (const id of ids) committed.set(id, Date.now());
      await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const running = run();

  return {
    waits() {
      const cameAt = new Map<string, number>();
      for (const { headers, at } of receiver.requests) {
        const id = String(headers['x-webhook-delivery']);
        if (!cameAt.has(id)) cameAt.set(id, at);
      }
      const now = Date.now();
      return [...committed].map(([id, at]) => (cameAt.get(id) ?? now) - at);
    },
    async next() {
      const before = committed.size;
      await waitUntil(() => committed.size > before, { message: 'the next trigger of the bystander' });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Fewer deliveries than this tell nothing. */
export const TELLING = 20;

/** That nine of ten of its deliveries came within one bound, and all within another. */
export function expectFlow(
  bystander: Bystander,
  { mostWithinMs, allWithinMs }: { readonly mostWithinMs: number; readonly allWithinMs: number },
): void {
  const inOrder = bystander.waits();
  const told = `waits of the bystander in ms, in the order of their commits: ${inOrder.join(' ')}`;
  const waits = inOrder.sort((a, b) => a - b);
  expect(waits.length, told).toBeGreaterThan(TELLING);
  expect(waits[Math.floor(waits.length * 0.9)], told).toBeLessThan(mostWithinMs);
  expect(waits.at(-1), told).toBeLessThan(allWithinMs);
}
