import { parseRetryAfter } from '@hookline/receiver';
import { PlanetscaleError } from './api-error.js';
import type { Answer, Exchange } from './exchange.js';
import { type Asked, refusalOf } from './refusal.js';
import { pause } from './time-limit.js';

/** Tries of what may be repeated, and of a request that never left. */
const TRIES = 4;
const LONGEST_PAUSE_MS = 10_000;
/** What the waits for the rate limit of one request may come to. */
const RATE_LIMIT_WAIT_MS = 60_000;
const RATE_LIMITED_TRIES = 10;

/**
 * The same exchange, tried again where that may help and does no harm: after 429 as Retry-After says; after an error of the network or a 5xx with growing
 * pauses, but then only GET and DELETE, or what has not left. Gives answers of success alone; throws PlanetscaleError for the others.
 * A DELETE that was lost and then finds nothing has done its work.
 */
export function withTries(exchange: Exchange, retryMs: number): Exchange {
  return async (asked, request) => {
    const idempotent = asked.method === 'GET' || asked.method === 'DELETE';
    let tries = 1;
    let limited = 1;
    let waitedMs = 0;
    let lost = false;
    for (;;) {
      request.signal?.throwIfAborted();
      const { answer, trouble } = await settled(asked, exchange(asked, request));
      if (trouble === undefined) return answer;
      if (asked.method === 'DELETE' && lost && answer?.status === 404) return answer;
      if (answer?.status === 429) {
        const waitMs = retryAfterMs(answer) ?? backoff(retryMs, limited);
        if (waitedMs + waitMs > RATE_LIMIT_WAIT_MS || limited >= RATE_LIMITED_TRIES) throw rateLimited(asked, waitMs);
        limited += 1;
        waitedMs += waitMs;
        await pause(waitMs, request.signal);
        continue;
      }
      const mayRepeat = trouble.code === 'planetscale_unavailable' && (idempotent || !trouble.exchange.lost);
      if (!mayRepeat || tries >= TRIES) throw trouble;
      lost ||= trouble.exchange.lost;
      await pause(backoff(retryMs, tries), request.signal);
      tries += 1;
    }
  };
}

type Settled =
  | { readonly answer: Answer; readonly trouble: undefined }
  | { readonly answer: Answer; readonly trouble: PlanetscaleError }
  | { readonly answer: undefined; readonly trouble: PlanetscaleError };

async function settled(asked: Asked, work: Promise<Answer>): Promise<Settled> {
  try {
    const answer = await work;
    const fine = answer.status >= 200 && answer.status < 300;
    return { answer, trouble: fine ? undefined : refusalOf(asked, answer.status, answer.text) };
  } catch (error) {
    if (error instanceof PlanetscaleError) return { answer: undefined, trouble: error };
    throw error;
  }
}

function retryAfterMs({ retryAfter }: Answer): number | undefined {
  const seconds = parseRetryAfter(retryAfter ?? undefined, Date.now());
  return seconds === undefined ? undefined : seconds * 1_000;
}

function backoff(firstMs: number, tries: number): number {
  return Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);
}

function rateLimited({ method, path }: Asked, waitMs: number): PlanetscaleError {
  return new PlanetscaleError(
    'planetscale_unavailable',
    `PlanetScale's rate limit is reached: it refused ${method} ${path} with 429`,
    {
      exchange: { status: 429, words: '', lost: false },
      hint: `Try again in ${Math.ceil(waitMs / 1_000)} s. Do other programs use the API of the same organization?`,
    },
  );
}
