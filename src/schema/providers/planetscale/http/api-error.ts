import { type ErrorCode, HooklineError } from '../../../../errors.js';

/** What an exchange with PlanetScale's API came to, for those who know more of it than its status. */
export interface Exchange {
  /** 0 without an answer. */
  readonly status: number;
  /** PlanetScale's own words, or empty. */
  readonly words: string;
  /** Whether the request may have been carried out although no answer to it came. */
  readonly lost: boolean;
}

/** `planetscale_unavailable` or `planetscale_refused`, with what the exchange came to. */
export class PlanetscaleError extends HooklineError {
  readonly exchange: Exchange;

  constructor(
    code: Extract<ErrorCode, 'planetscale_unavailable' | 'planetscale_refused'>,
    message: string,
    { exchange, ...options }: { exchange: Exchange; hint: string; cause?: unknown },
  ) {
    super(code, message, options);
    this.exchange = exchange;
  }
}

/** The status that PlanetScale refused a request with; undefined for every other trouble. */
export function refusedWith(error: unknown): number | undefined {
  return error instanceof PlanetscaleError && error.code === 'planetscale_refused' ? error.exchange.status : undefined;
}

/** PlanetScale's own words of a refusal; empty where it had none. */
export function wordsOf(error: unknown): string {
  return error instanceof PlanetscaleError ? error.exchange.words : '';
}

/** Whether what was asked for may have happened, though it is not known. */
export function isLost(error: unknown): boolean {
  return error instanceof PlanetscaleError && error.exchange.lost;
}
