import { expect } from 'vitest';
import type { Program } from './program.js';
import type { Answered, RunningReceiver } from './scenario.js';

/** A receiver that a program serves over HTTP: webhooks at `path`, its drain by GET at `drainPath`. */
export function httpReceiver(
  { origin, end }: Program,
  { path, drainPath, drainHeaders = {} }: HttpPaths = { path: '/', drainPath: '/drain' },
): RunningReceiver {
  return {
    async post(body, headers) {
      return answered(await fetch(`${origin}${path}`, { method: 'POST', headers, body }));
    },
    async drain() {
      const response = await fetch(`${origin}${drainPath}`, { headers: drainHeaders });
      const result = await response.text();
      expect(response.status, result).toBe(200);
    },
    end,
  };
}

export interface HttpPaths {
  readonly path: string;
  readonly drainPath: string;
  readonly drainHeaders?: Readonly<Record<string, string>>;
}

/** The parts of a Response of any runtime's own class. */
export async function answered(response: {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}): Promise<Answered> {
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, body: await response.json(), retryAfter };
}
