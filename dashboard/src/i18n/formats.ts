import { useTranslation } from 'react-i18next';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

export interface Formats {
  readonly language: string;
  /** 12,345 */
  number(value: number): string;
  /** 98.7 % of a value in percent; `–` for null. */
  percent(value: number | null): string;
  /** Milliseconds as 340 ms, 1.2 s, 2 min 5 s; `–` for null. */
  milliseconds(value: number | null): string;
  /** Whole seconds in their two largest units: 45 sec, 1 hr 30 min. */
  duration(seconds: number): string;
  /** Date and time to the second, of an ISO timestamp. */
  dateTime(iso: string): string;
  /** Hour of a day, for axes. */
  hour(iso: string): string;
  date(iso: string): string;
  /** The time of a day alone, and the day of a year alone, for axes of less than a day or a year. */
  time(iso: string): string;
  day(iso: string): string;
  /** “3 minutes ago”, “in 20 seconds”. */
  relative(iso: string, now?: number): string;
}

/** Numbers and times as the chosen language writes them. */
export function useFormats(): Formats {
  return formatsOf(useTranslation().i18n.language);
}

const made = new Map<string, Formats>();

function formatsOf(language: string): Formats {
  const known = made.get(language);
  if (known !== undefined) return known;
  const formats = makeFormats(language);
  made.set(language, formats);
  return formats;
}

function makeFormats(language: string): Formats {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const unit = (name: string, digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
  const [ms, seconds, minutes] = [unit('millisecond', 0), unit('second', 1), unit('minute', 1)];
  const whole = {
    day: unit('day', 0),
    hour: unit('hour', 0),
    minute: unit('minute', 0),
    second: unit('second', 0),
  };
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const hour = new Intl.DateTimeFormat(language, {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    language,
    number: (value) => number.format(value),
    percent: (value) => (value === null ? '–' : percent.format(value / 100)),
    milliseconds(value) {
      if (value === null) return '–';
      if (value < 1_000) return ms.format(value);
      return value < 120_000 ? seconds.format(value / 1_000) : minutes.format(value / 60_000);
    },
    duration(given) {
      let left = given;
      const parts = UNITS.flatMap(([name, size]) => {
        const count = Math.floor(left / size);
        left -= count * size;
        return count === 0 ? [] : [whole[name].format(count)];
      });
      return parts.slice(0, 2).join(' ') || whole.second.format(0);
    },
    dateTime: (iso) => dateTime.format(new Date(iso)),
    hour: (iso) => hour.format(new Date(iso)),
    date: (iso) => date.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    relative(iso, now = Date.now()) {
      const away = Math.round((Date.parse(iso) - now) / 1_000);
      const [name, size] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? (['second', 1] as const);
      return relative.format(Math.trunc(away / size), name);
    },
  };
}
