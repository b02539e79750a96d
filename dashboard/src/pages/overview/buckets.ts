import type { Hour } from './statistics.js';

const HOUR_MS = 3_600_000;

/** A bar of the chart: what ended from `start` (ISO 8601) on, for an hour or a day of the reader's. */
export interface Bucket {
  readonly start: string;
  readonly successful: number;
  readonly failed: number;
}

/** Every hour up to this one, `hours` of them, ISO 8601. */
export function hoursUntil(now: number, hours: number): string[] {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: hours }, (_, index) => new Date(last - (hours - 1 - index) * HOUR_MS).toISOString());
}

/** The hours that the server tells of, those without a delivery put in as zero; by `day`, added up over days of the reader's time zone. */
export function bucketsOf(data: readonly Hour[], hours: number, unit: 'hour' | 'day', now: number): Bucket[] {
  const told = new Map(data.map((one) => [Date.parse(one.hour), one]));
  const buckets = new Map<string, Bucket>();
  for (const start of hoursUntil(now, hours)) {
    const one = told.get(Date.parse(start));
    const key = unit === 'hour' ? start : new Date(start).toDateString();
    const before = buckets.get(key) ?? { start, successful: 0, failed: 0 };
    buckets.set(key, {
      start: before.start,
      successful: before.successful + (one?.successful_deliveries ?? 0),
      failed: before.failed + (one?.failed_deliveries ?? 0),
    });
  }
  return [...buckets.values()];
}
