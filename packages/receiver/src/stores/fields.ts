import type { Begun, NewContent, Outcome } from '../store.js';

/** What a statement takes. */
export type Params = (string | number | null)[];

/** How much the specified columns hold in every store; `body` differs. */
export const SPECIFIED_LIMITS = {
  title: { characters: 500 },
  category: { characters: 100 },
  channelId: { characters: 36 },
  eventName: { characters: 100 },
} as const;

/** The columns with which a row's follow-up work begins. */
export interface Beginning {
  readonly state: string | null;
  readonly error: string | null;
  readonly token: string | null;
  readonly leaseMs: number;
}

/** How follow-up work begins, as columns; all null where there is none. */
export function beginning(begun: Begun | undefined): Beginning {
  if (begun === undefined) return { state: null, error: null, token: null, leaseMs: 0 };
  return 'lease' in begun
    ? { state: 'pending', error: null, token: begun.lease.token, leaseMs: begun.lease.ms }
    : { state: begun.state, error: begun.error, token: null, leaseMs: 0 };
}

/** Whether follow-up work of a new row is left to do, which needs its payload. */
export function isPending({ callback, emission }: Pick<NewContent, 'callback' | 'emission'>): boolean {
  return 'lease' in callback || (emission !== undefined && 'lease' in emission);
}

/** An outcome's error, at most what its column holds; null when it is done. */
export function errorOf(outcome: Outcome): string | null {
  return outcome.state === 'done' ? null : outcome.error.slice(0, 500);
}

/** The rows of a driver's answer; Neon's `query` gives them alone. */
export function toRows(result: { rows: unknown[] } | unknown[]): unknown[] {
  return Array.isArray(result) ? result : result.rows;
}

/** A field of a row that a driver gave. Throws when it is not there. */
export function field(row: unknown, name: string): unknown {
  if (typeof row !== 'object' || row === null || !(name in row)) throw new Error(`The store's answer lacks ${name}.`);
  return (row as Record<string, unknown>)[name];
}
