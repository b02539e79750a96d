import type { Measurement } from '../simulation/costs.js';

/** A line of a table: what its columns are called, in order. */
export type Row = Readonly<Record<string, string | number>>;

/** A figure that the issue asks for. */
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit?: string;
}

/** Lines over common points, drawn into an SVG of its own. */
export interface Plot {
  /** The file's name, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly x: { readonly name: string; readonly points: readonly (string | number)[] };
  readonly y: string;
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** What one measure gives: printed, kept as JSON, and written into docs/benchmarks.md from that. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** How it was measured, in sentences that hold for this run. */
  readonly says: string;
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
  readonly plots?: readonly Plot[];
  /** What `bench scale` is made from. */
  readonly measurement?: Measurement;
}

/** What a target asks for, in figures. */
export function boundOf({ atLeast, atMost }: Target): string {
  return atLeast === undefined ? `≤ ${atMost ?? ''}` : `≥ ${atLeast}`;
}

export function isMet({
  value,
  atLeast = Number.NEGATIVE_INFINITY,
  atMost = Number.POSITIVE_INFINITY,
}: Target): boolean {
  return value >= atLeast && value <= atMost;
}
