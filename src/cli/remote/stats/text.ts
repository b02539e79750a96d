import { minuteOf } from '../../times.js';
import { number } from '../../words.js';
import { painted, printLine } from '../output.js';
import type { Column } from '../rows.js';
import type { Style } from '../style.js';

/** What ended. */
export interface Counts {
  readonly successful_deliveries: number;
  readonly failed_deliveries: number;
}

interface Times {
  readonly avg_response_time_ms: number | null;
  readonly p50_response_time_ms: number | null;
  readonly p95_response_time_ms: number | null;
  readonly p99_response_time_ms: number | null;
}

export interface Hour extends Counts, Times {
  readonly hour: string;
}

/** Below it something is wrong, and not with one call alone. */
const WORRYING_PERCENT = 95;

export function countColumns<Row extends Counts>(): readonly Column<Row>[] {
  return [
    { name: 'successful', of: ({ successful_deliveries: count }) => number(count) },
    { name: 'failed', of: ({ failed_deliveries: count }) => number(count), style: failedStyle },
    { name: 'success', of: (row) => percent(rateOf(row)) },
  ];
}

export const HOUR_COLUMNS: readonly Column<Hour>[] = [
  { name: 'hour (UTC)', of: ({ hour }) => minuteOf(hour) },
  ...countColumns<Hour>(),
  { name: 'p50 ms', of: ({ p50_response_time_ms: time }) => ms(time), isOptional: true },
  { name: 'p95 ms', of: ({ p95_response_time_ms: time }) => ms(time), isOptional: true },
  { name: 'p99 ms', of: ({ p99_response_time_ms: time }) => ms(time), isOptional: true },
];

/** The line above the tables. */
export function totalLine(total: Counts & Times): string {
  const { successful_deliveries: good, failed_deliveries: bad } = total;
  if (good + bad === 0) return 'Nothing has ended.';
  const rate = rateOf(total) ?? 0;
  const style: Style = rate >= WORRYING_PERCENT ? 'green' : 'red';
  const times = [
    ['half within', total.p50_response_time_ms],
    ['95 % within', total.p95_response_time_ms],
    ['99 % within', total.p99_response_time_ms],
  ] as const;
  const known = times.flatMap(([name, time]) => (time === null ? [] : [`${name} ${ms(time)} ms`]));
  return [`${number(good)} successful`, `${number(bad)} failed`, painted(style, percent(rate) ?? ''), ...known].join(
    ', ',
  );
}

/** A part with its title. */
export function part(title: string): void {
  printLine(`\n${painted('bold', title)}`);
}

export function percent(rate: number | null): string | null {
  return rate === null ? null : `${Number(rate).toFixed(1)} %`;
}

function ms(time: number | null): string | null {
  return time === null ? null : number(Math.round(time));
}

function rateOf({ successful_deliveries: good, failed_deliveries: bad }: Counts): number | null {
  return good + bad === 0 ? null : (100 * good) / (good + bad);
}

function failedStyle({ failed_deliveries: count }: Counts): Style | undefined {
  return count > 0 ? 'red' : undefined;
}
