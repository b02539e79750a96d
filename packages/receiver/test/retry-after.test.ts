import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseRetryAfter } from '../src/retry-after.js';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number, fill = '0') => String(value).padStart(2, fill);

/** The three forms of RFC 9110, 5.6.7, written from its grammar. */
function forms(date: Date): { fixdate: string; rfc850: string; asctime: string } {
  const dayName = DAYS[date.getUTCDay()] ?? '';
  const month = MONTHS[date.getUTCMonth()];
  const [day, year] = [date.getUTCDate(), date.getUTCFullYear()];
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((part) => two(part)).join(':');
  return {
    fixdate: `${dayName.slice(0, 3)}, ${two(day)} ${month} ${year} ${time} GMT`,
    rfc850: `${dayName}, ${two(day)}-${month}-${two(year % 100)} ${time} GMT`,
    asctime: `${dayName.slice(0, 3)} ${month} ${two(day, ' ')} ${time} ${year}`,
  };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('Retry-After in seconds', () => {
  it('is taken as it stands, however large', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), (seconds) => {
        expect(parseRetryAfter(String(seconds), NOW)).toBe(Number(seconds));
      }),
    );
    expect(parseRetryAfter(' 120 ', NOW)).toBe(120);
    expect(parseRetryAfter('007', NOW)).toBe(7);
  });

  it.each(['0', '00', '9'.repeat(400)])('%s is no wait that can be kept to', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined();
  });

  it('takes the first of several headers', () => {
    expect(parseRetryAfter(['5', '60'], NOW)).toBe(5);
    expect(parseRetryAfter([], NOW)).toBeUndefined();
  });
});

describe('Retry-After as a date', () => {
  it.each(['Sun, 22 Nov 2026 12:00:00 GMT', 'Sunday, 22-Nov-26 12:00:00 GMT', 'Sun Nov 22 12:00:00 2026'])(
    'reads %s',
    (value) => {
      expect(parseRetryAfter(value, NOW)).toBe(86_400);
    },
  );

  it.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('reads all three forms as GMT on a machine in %s', (zone) => {
    vi.stubEnv('TZ', zone);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 * 365 * 86_400 }), (seconds) => {
        for (const value of Object.values(forms(new Date(NOW + seconds * 1_000)))) {
          expect(parseRetryAfter(value, NOW), value).toBe(seconds);
        }
      }),
    );
  });

  it('counts from the given clock, to the millisecond', () => {
    expect(parseRetryAfter('Sat, 21 Nov 2026 12:00:02 GMT', NOW + 500)).toBe(1.5);
  });

  it('reads a day of one digit in asctime with its space', () => {
    expect(parseRetryAfter('Tue Dec  1 12:00:00 2026', NOW)).toBe(10 * 86_400);
  });

  it('takes a two-digit year more than 50 years ahead for the past', () => {
    expect(parseRetryAfter('Thursday, 21-Nov-75 12:00:00 GMT', NOW)).toBeGreaterThan(48 * 365 * 86_400);
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', NOW)).toBeUndefined();
  });

  it('that is past or now is no wait', () => {
    for (const past of [0, 1_000, 86_400_000, 50 * 365 * 86_400_000]) {
      for (const form of ['fixdate', 'asctime'] as const) {
        expect(parseRetryAfter(forms(new Date(NOW - past))[form], NOW)).toBeUndefined();
      }
    }
  });
});

describe('anything else', () => {
  it.each([
    '',
    ' ',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '１２',
    '5 seconds',
    '120, 60',
    '2027-01-01',
    '2027-01-01T00:00:00Z',
    'Infinity',
    'NaN',
    'soon',
    'Later 2030',
    'Sun 2030',
    'Sun, 2030',
    'Sun, 22 Nov 2026',
    'Sun, 22 Nov 2026 12:00:00',
    'Sun, 22 Nov 2026 12:00:00 EST',
    'Sun, 22 Nov 2026 12:00:00 GMT; x',
    'Sun, 31 Feb 2027 12:00:00 GMT',
    'Sun, 22 Nov 2026 25:00:00 GMT',
    'Sun, 22 Foo 2026 12:00:00 GMT',
    'Foo, 22 Nov 2026 12:00:00 GMT',
  ])('%j is not understood', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined();
  });

  it('never throws, and never gives what is no positive number', () => {
    expect(parseRetryAfter(undefined, NOW)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (value) => {
        const seconds = parseRetryAfter(value, NOW);
        if (seconds !== undefined) expect(seconds).toBeGreaterThan(0);
        expect(seconds).not.toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });
});
