import type { ReplaySpeed } from './report.js';

/** What one webhook's inserts took, in ms, one a round. */
export interface Timings {
  readonly base: readonly number[];
  readonly branch: readonly number[];
}

/** Two medians that are nearer than this are the same: it is less than what a busy machine adds. */
const NOISE_MS = 0.5;

/**
 * The verdict on speed. Each webhook counts with the median of its rounds, so that one bad moment counts for nothing; slower means that both the median of
 * the webhooks' ratios is above `slowerThan`, and the medians differ by more than noise. Null without a webhook that was timed on both sides.
 */
export function speedOf(timings: readonly Timings[], slowerThan: number): ReplaySpeed | null {
  const pairs = timings
    .filter(({ base, branch }) => base.length > 0 && branch.length > 0)
    .map(({ base, branch }) => ({ base: median(base), branch: median(branch) }));
  if (pairs.length === 0) return null;
  const base = pairs.map((pair) => pair.base);
  const branch = pairs.map((pair) => pair.branch);
  const ratio = median(pairs.map((pair) => pair.branch / Math.max(pair.base, 0.001)));
  const [baseMedianMs, branchMedianMs] = [median(base), median(branch)];
  return {
    baseMedianMs: rounded(baseMedianMs),
    branchMedianMs: rounded(branchMedianMs),
    baseP95Ms: rounded(quantile(base, 0.95)),
    branchP95Ms: rounded(quantile(branch, 0.95)),
    ratio: rounded(ratio),
    slowerThan,
    slower: ratio > slowerThan && branchMedianMs - baseMedianMs > NOISE_MS,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[sorted.length / 2 - 1] ?? 0) + upper) / 2;
}

/** By nearest rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
