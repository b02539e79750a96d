/** A delivery as a plain scan of webhook_deliveries gives it. */
export interface Delivery {
  readonly id: string;
  readonly webhook_id: string;
  readonly event_type: string;
  readonly status: 'pending' | 'success' | 'retrying' | 'failed';
  readonly response_status: number | null;
  readonly response_time_ms: number | null;
  readonly delivered_at: string | null;
  readonly failed_at: string | null;
}

/** What get_webhook_statistics answers; the two numeric columns as text, to the last digit. */
export interface Statistics {
  readonly total_deliveries: number;
  readonly successful_deliveries: number;
  readonly failed_deliveries: number;
  readonly success_rate: string | null;
  readonly avg_response_time_ms: string | null;
  readonly deliveries_by_day: Readonly<Record<string, number>>;
  readonly deliveries_by_event_type: Readonly<Record<string, number>>;
}

const DAY_MS = 86_400_000;

/** Statistics as the specification settles them, by counting deliveries. `today` is the UTC day, as YYYY-MM-DD. */
export function statisticsOf(deliveries: readonly Delivery[], today: string, days: number): Statistics {
  const first = new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const ended = deliveries.filter((one) => utcDayOfEnd(one) >= first);
  const successful = ended.filter((one) => one.status === 'success').length;
  const times = responseTimes(ended);
  return {
    total_deliveries: ended.length,
    successful_deliveries: successful,
    failed_deliveries: ended.length - successful,
    success_rate: twoDecimals(100 * successful, ended.length),
    avg_response_time_ms: twoDecimals(
      times.reduce((sum, time) => sum + time, 0),
      times.length,
    ),
    deliveries_by_day: countBy(ended, utcDayOfEnd),
    deliveries_by_event_type: countBy(ended, (one) => one.event_type),
  };
}

/** A row of hookline.statistics_hourly; `latency` counts responses by their time. */
export interface Hour {
  readonly hour: string;
  readonly event_type: string;
  readonly successful: number;
  readonly failed: number;
  readonly responses: number;
  readonly response_time_ms: number;
  readonly latency: readonly number[];
}

/** Where one bar of the histogram ends and the next begins, in ms. */
const BARS = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** The hours in which deliveries ended, from `first` on (ISO), by counting them; in the order of hour and type. */
export function hoursOf(deliveries: readonly Delivery[], first: string): Hour[] {
  const groups = new Map<string, Delivery[]>();
  for (const one of deliveries) {
    const hour = `${endOf(one).slice(0, 13)}:00:00.000Z`;
    if (hour < first || !isEnded(one)) continue;
    const key = `${hour} ${one.event_type}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, ended]) => {
      const times = responseTimes(ended);
      const bars = times.map((time) => BARS.filter((bar) => bar <= time).length);
      const successful = ended.filter((one) => one.status === 'success').length;
      return {
        hour: key.slice(0, 24),
        event_type: key.slice(25),
        successful,
        failed: ended.length - successful,
        responses: times.length,
        response_time_ms: times.reduce((sum, time) => sum + time, 0),
        latency: Array.from({ length: BARS.length + 1 }, (_, bar) => bars.filter((at) => at === bar).length),
      };
    });
}

export function isEnded({ status }: Delivery): boolean {
  return status === 'success' || status === 'failed';
}

function responseTimes(ended: readonly Delivery[]): number[] {
  return ended.flatMap((one) =>
    one.response_status === null || one.response_time_ms === null ? [] : [one.response_time_ms],
  );
}

/** As ISO in UTC. Empty, and so before every time, while a delivery has not ended. */
function endOf(one: Delivery): string {
  const end = one.status === 'success' ? one.delivered_at : one.status === 'failed' ? one.failed_at : null;
  return end === null ? '' : new Date(end).toISOString();
}

function utcDayOfEnd(one: Delivery): string {
  return endOf(one).slice(0, 10);
}

function countBy(deliveries: readonly Delivery[], name: (one: Delivery) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of deliveries) counts[name(one)] = (counts[name(one)] ?? 0) + 1;
  return counts;
}

/** A quotient in whole numbers rounded half up, so that no double is asked; null when there is nothing to divide by. */
function twoDecimals(sum: number, count: number): string | null {
  if (count === 0) return null;
  const hundredths = (BigInt(sum) * 200n + BigInt(count)) / (BigInt(count) * 2n);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
