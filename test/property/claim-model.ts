import fc from 'fast-check';
import type { Caps } from '../../src/deliver/lanes.js';

/** A row of a webhook's queue, in order of creation. `due`: a retry whose time has come, and nobody has noticed yet. */
export interface Row {
  readonly state: 'ready' | 'due' | 'waiting' | 'leased';
  readonly key: string;
}

export interface Hook {
  readonly user: number;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly paused: 'no' | 'past' | 'future';
  readonly breaker: 'closed' | 'held' | 'probing';
  readonly isOrdered: boolean;
  /** What is in the bucket of its rate limit; null: it has none. */
  readonly tokens: number | null;
  readonly isExcluded: boolean;
  /** Whether its leases were taken without counting. */
  readonly isAhead: boolean;
  /** The worker has claimed all up to this row, or so it says. */
  readonly known: number | null;
  readonly rows: readonly Row[];
}

/** A backlog, and what a worker asks of it. */
export interface Backlog {
  readonly hooks: readonly Hook[];
  readonly excludedUser: number | null;
  readonly mustVerify: boolean;
  /** The workers that live, each with the share of the caps that it has told, or null. */
  readonly workers: readonly (Caps | null)[];
  readonly perWebhook: number;
  readonly perUser: number;
  readonly room: number;
  readonly limit: number;
}

const USERS = 3;
/** More than any of these backlogs gives each of its webhooks. */
const WIDE = 100_000;
/** Mostly what lets a claim through, so that the rest is reached, too. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const hook: fc.Arbitrary<Hook> = fc.record({
  user: fc.nat({ max: USERS - 1 }),
  isActive: mostly(true, false),
  isVerified: mostly(true, false),
  paused: mostly<Hook['paused']>('no', 'past', 'future'),
  breaker: mostly<Hook['breaker']>('closed', 'held', 'probing', 'probing'),
  isOrdered: fc.nat({ max: 3 }).map((n) => n === 0),
  tokens: mostly<number | null>(null, 0, 0.9, 1, 3.7),
  isExcluded: mostly(false, true),
  isAhead: fc.boolean(),
  known: fc.option(fc.nat({ max: 12 }), { freq: 2 }),
  rows: fc.array(
    fc.record({
      state: fc.constantFrom('ready', 'ready', 'ready', 'due', 'waiting', 'leased'),
      key: fc.constantFrom('a', 'b', 'c'),
    }),
    { maxLength: 14 },
  ),
});

const share: fc.Arbitrary<Caps | null> = fc.option(
  fc.record({ perWebhook: fc.integer({ min: 1, max: 3 }), perUser: fc.integer({ min: 1, max: 6 }) }),
  { freq: 4 },
);

export const backlog: fc.Arbitrary<Backlog> = fc.record({
  hooks: fc.array(hook, { minLength: 1, maxLength: 8, size: 'max' }),
  excludedUser: fc.option(fc.nat({ max: USERS - 1 }), { freq: 2 }),
  mustVerify: fc.boolean(),
  workers: fc.array(share, { minLength: 1, maxLength: 3 }),
  perWebhook: fc.integer({ min: 1, max: 6 }),
  perUser: fc.integer({ min: 1, max: 12 }),
  room: fc.integer({ min: 1, max: 16 }),
  limit: fc.oneof(fc.constant(WIDE), fc.integer({ min: 1, max: 12 })),
});

/** Whether leases count against the caps: not for a lone worker, and not while all keep to shares that are no more than the caps. */
export function areCapsCounted({
  workers,
  perWebhook,
  perUser,
}: Pick<Backlog, 'workers' | 'perWebhook' | 'perUser'>): boolean {
  const shares = workers.filter((told) => told !== null);
  const sum = (part: (share: Caps) => number) => shares.reduce((all, told) => all + part(told), 0);
  const areShared =
    shares.length === workers.length && sum((s) => s.perWebhook) <= perWebhook && sum((s) => s.perUser) <= perUser;
  return workers.length > 1 && !areShared;
}

const isReady = ({ state }: Row) => state === 'ready' || state === 'due';
export const leasedOf = ({ rows }: Hook): number => rows.filter(({ state }) => state === 'leased').length;

/** Whether a webhook may be called now. */
function isCallable(hook: Hook, { mustVerify, excludedUser }: Backlog): boolean {
  if (!hook.isActive || hook.isExcluded || hook.user === excludedUser) return false;
  return (hook.isVerified || !mustVerify) && hook.paused !== 'future' && hook.breaker !== 'held';
}

/** Which rows of a webhook may be claimed, in the order in which they have to be. Of an ordered one they come in any order. */
export function claimable(hook: Hook, all: Backlog): number[] {
  if (!isCallable(hook, all)) return [];
  const places = [...hook.rows.keys()];
  if (!hook.isOrdered) {
    return places.filter((at) => isReadyAt(hook, at) && (hook.known === null || at > hook.known));
  }
  const isFirst = (at: number) => hook.rows.findIndex(({ key }) => key === hook.rows[at]?.key) === at;
  const inFlight = new Set(hook.rows.filter(({ state }) => state === 'leased').map(({ key }) => key));
  return places.filter((at) => isFirst(at) && isReadyAt(hook, at) && !inFlight.has(hook.rows[at]?.key ?? ''));
}

function isReadyAt({ rows }: Hook, at: number): boolean {
  const row = rows[at];
  return row !== undefined && isReady(row);
}

/** How many rows of a webhook may be claimed, by any number of claims, but for the cap of its user. */
export function mostOf(hook: Hook, all: Backlog): number {
  const leased = leasedOf(hook);
  const probe = hook.breaker === 'probing' ? Math.max(0, 1 - leased) : Number.POSITIVE_INFINITY;
  const cap = areCapsCounted(all) ? Math.max(0, all.perWebhook - leased) : Number.POSITIVE_INFINITY;
  const rate = hook.tokens === null ? Number.POSITIVE_INFINITY : Math.floor(hook.tokens);
  return Math.min(probe, cap, rate, claimable({ ...hook, known: null }, all).length);
}

/** And how many of all of a user's webhooks. */
export function mostOfUser(user: number, all: Backlog): number {
  const { hooks, perUser } = all;
  if (!areCapsCounted(all)) return Number.POSITIVE_INFINITY;
  const leased = hooks.filter((hook) => hook.user === user).reduce((sum, hook) => sum + leasedOf(hook), 0);
  return Math.max(0, perUser - leased);
}
