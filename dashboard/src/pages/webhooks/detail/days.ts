const DAY_MS = 86_400_000;

export interface Hour {
  readonly hour: string;
  readonly successful_deliveries: number;
  readonly failed_deliveries: number;
  readonly p50_response_time_ms: number | null;
  readonly p95_response_time_ms: number | null;
}

/** What ended on a UTC day. */
export interface Day {
  /** The day's noon, which is of the same date in nearly every time zone. */
  readonly noon: string;
  readonly successful: number;
  readonly failed: number;
}

/** The last UTC days, the oldest first, with what their hours have; a day without any has 0. */
export function daysOf(hours: readonly Hour[], count: number, now: number): readonly Day[] {
  return lastDays(count, now).map((date) => {
    const ofDay = hours.filter(({ hour }) => hour.startsWith(date));
    const sum = (of: (hour: Hour) => number): number => ofDay.reduce((total, hour) => total + of(hour), 0);
    return {
      noon: `${date}T12:00:00Z`,
      successful: sum((hour) => hour.successful_deliveries),
      failed: sum((hour) => hour.failed_deliveries),
    };
  });
}

/** The last 24 hours, the oldest first; undefined: nothing ended in it. */
export function lastHours(
  hours: readonly Hour[],
  now: number,
): readonly { readonly start: string; readonly hour?: Hour }[] {
  const byStart = new Map(hours.map((hour) => [Date.parse(hour.hour), hour]));
  const current = Math.floor(now / 3_600_000) * 3_600_000;
  return Array.from({ length: 24 }, (_, index) => {
    const start = current - (23 - index) * 3_600_000;
    const hour = byStart.get(start);
    return { start: new Date(start).toISOString(), ...(hour && { hour }) };
  });
}

function lastDays(count: number, now: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(now - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}
