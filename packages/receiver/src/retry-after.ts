/**
 * `Retry-After` (RFC 9110 §10.2.3), seconds or an HTTP date, as seconds from `nowMs` (ms since 1970).
 * Undefined when absent, not understood, or not in the future.
 */
export function parseRetryAfter(value: string | string[] | undefined, nowMs: number): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (parseHttpDate(text, nowMs) - nowMs) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

/** IMF-fixdate, RFC 850, asctime: a recipient must take all three (§5.6.7). Date.parse takes asctime for local time, and much else for a date. */
const FORMS = [
  new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/** Ms since 1970, or NaN. */
function parseHttpDate(text: string, nowMs: number): number {
  const parts = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return Number.NaN;
  const { year = '', month = '', day, hour, minute, second } = parts;
  const date = new Date(
    Date.UTC(fullYear(year, nowMs), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)),
  );
  // 31 Feb would pass for 3 Mar.
  return date.getUTCMonth() === MONTHS.indexOf(month) || second === '60' ? date.getTime() : Number.NaN;
}

/** Two digits that seem more than 50 years ahead are in the past (§5.6.7). */
function fullYear(digits: string, nowMs: number): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
