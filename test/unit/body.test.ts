import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { toBody } from '../../src/deliver/prepare/body.js';
import { describeOnEachDatabase } from '../harness/databases.js';

/** A number exactly, as whole mantissa and power of ten: equal texts, equal numbers. */
function exactNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  let mantissa = BigInt(whole + fraction);
  let power = Number(exponent) - fraction.length;
  if (mantissa === 0n) return '0';
  for (; mantissa % 10n === 0n; power += 1) mantissa /= 10n;
  return `${sign}${mantissa}e${power}`;
}

/** The value of a JSON text with every number exact; the order of keys does not count. */
function exact(text: string): unknown {
  return parse(text, null, (digits) => ({ exactly: exactNumber(digits) }));
}

function isShortestDouble(digits: string): boolean {
  const double = Number(digits);
  return Number.isFinite(double) && exactNumber(String(double)) === exactNumber(digits);
}

const STRING = /"(?:[^"\\]|\\.)*"/g;
const NUMBER = /-?\d[\d.]*(?:[eE][+-]?\d+)?/g;

const withoutStrings = (json: string): string => json.replace(STRING, '""');
const numbersOf = (json: string): string[] => withoutStrings(json).match(NUMBER) ?? [];

/** The same text with 0 for every number, so that what remains is the order of keys, strings and separators. */
const withoutNumbers = (json: string): string =>
  json.replace(new RegExp(`${STRING.source}|${NUMBER.source}`, 'g'), (token) => (token.startsWith('"') ? token : '0'));

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: max });
const sign = fc.constantFrom('', '-');

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc
    .tuple(sign, digits(40), fc.option(digits(40)), fc.option(fc.integer({ min: -420, max: 420 })))
    .map(
      ([minus, whole, fraction, exponent]) =>
        `${minus}${BigInt(whole)}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
    ),
  fc.constantFrom('0', '-0', '-0.0', '0.1', '10.00', '1E+2', '1e400', '-1e-400', '5e-324', '1.7976931348623157e308'),
  fc.constantFrom('12345678901234567890', '9007199254740993', '0.1000000000000000055511151231257827', '1e21', '1e-7'),
);

/** Any text that PostgreSQL can store: no NUL, no lone surrogate. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', '')),
  digits(30),
  fc.constantFrom('\u2028\u2029', '\u007f\u0001\b\f\n\r\t"\\/', '12345678901234567890.5', '{"a": [1, 2]}', '😀'),
);

const key = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'isLosslessNumber', 'value', '', ' ', 'a: b, c'),
  fc.nat().map(String),
  fc.constantFrom('0', '00', '-1', '1.5', '4294967294', '4294967295', '4294967296', '9007199254740993'),
);

/** The text of any JSON value, with spaces as PostgreSQL and others write them. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom('true', 'false', 'null', '{}', '[]'),
    number,
    text.map((value) => JSON.stringify(value)),
    fc.array(tie('json')).map((items) => `[${items.join(', ')}]`),
    fc
      .uniqueArray(fc.tuple(key, tie('json')), { selector: ([name]) => name })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(' ,')}}`),
  ),
}));

describeOnEachDatabase(
  'a body made from JSONB',
  (ctx) => {
    const jsonb = async (given: string): Promise<string> => {
      const { rows } = await ctx.db().query<{ text: string }>('SELECT $1::jsonb::text AS text', [given]);
      return rows[0]?.text ?? '';
    };

    it('is numerically equal to what was given, compact, and as JavaScript would write it', async () => {
      await fc.assert(
        fc.asyncProperty(json, async (given) => {
          const stored = await jsonb(given);
          const body = toBody(stored);
          expect(isDeepStrictEqual(exact(body), exact(given)), body).toBe(true);
          expect(withoutStrings(body)).not.toMatch(/\s/);
          expect(JSON.stringify(JSON.parse(withoutNumbers(body)))).toBe(withoutNumbers(body));
          if (numbersOf(given).every(isShortestDouble)) {
            expect(JSON.stringify(JSON.parse(body))).toBe(body);
            expect(body).toBe(JSON.stringify(JSON.parse(stored)));
          }
        }),
        { numRuns: 400 },
      );
    });

    it.each([
      ['12345678901234567890', '12345678901234567890'],
      ['-9007199254740993', '-9007199254740993'],
      ['9007199254740992', '9007199254740992'],
      ['0.1', '0.1'],
      ['10.00', '10'],
      ['10.000000000000000000000000', '10'],
      ['1E+2', '100'],
      ['1e21', '1e+21'],
      ['1e-7', '1e-7'],
      ['1e400', `1${'0'.repeat(400)}`],
      ['1e-400', `0.${'0'.repeat(399)}1`],
      ['5e-324', '5e-324'],
      ['1.7976931348623157e308', '1.7976931348623157e+308'],
      ['-0', '0'],
      ['-0.000000000000000000000', '0'],
      ['3.14159265358979323846264338327950288419716939937510', '3.14159265358979323846264338327950288419716939937510'],
    ])('writes %s as %s', async (given, body) => {
      expect(toBody(await jsonb(given))).toBe(body);
      expect(toBody(await jsonb(`{"n": [${given}, 12345678901234567891]}`))).toBe(
        `{"n":[${body},12345678901234567891]}`,
      );
    });

    it('takes a thousand levels, with and without a long number', async () => {
      for (const leaf of ['1', '12345678901234567890']) {
        const nested = `{"a":[`.repeat(500) + leaf + ']}'.repeat(500);
        expect(toBody(await jsonb(nested))).toBe(nested);
      }
    });

    if (ctx.kind === 'postgres') {
      it('takes the deepest nesting that PostgreSQL takes', async () => {
        const taken: number[] = [];
        for (const levels of [3_000, 4_500, 6_000, 9_000, 12_000]) {
          for (const [open, close] of [
            ['[', ']'],
            ['{"a":', '}'],
          ] as const) {
            for (const leaf of ['1', '12345678901234567890']) {
              const nested = open.repeat(levels) + leaf + close.repeat(levels);
              const stored = await jsonb(nested).catch((error: Error & { code?: string }) => {
                expect(error.code).toBe('54001');
                return undefined;
              });
              if (stored === undefined) continue;
              taken.push(levels);
              expect(Buffer.from(toBody(stored)).equals(Buffer.from(nested))).toBe(true);
            }
          }
        }
        expect(Math.max(...taken)).toBeGreaterThanOrEqual(3_000);
      });
    }
  },
  { migrated: false },
);

describe('a body', () => {
  const LONG = '12345678901234567890';

  it('never overflows the stack', () => {
    for (const leaf of ['1', LONG]) {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a": ', '}'],
      ] as const) {
        const nested = open.repeat(100_000) + leaf + close.repeat(100_000);
        expect(Buffer.from(toBody(nested)).equals(Buffer.from(nested.replaceAll(' ', '')))).toBe(true);
      }
    }
  });

  it('takes a payload that looks like a number of the library for the payload that it is', () => {
    const odd = `{"isLosslessNumber": true, "toJSON": 1, "toString": "x", "value": "y", "n": ${LONG}}`;
    expect(toBody(odd)).toBe(odd.replaceAll(': ', ':').replaceAll(', ', ','));
  });

  it('has integer-like keys first and in order, as JavaScript has them, beside a long number too', () => {
    const order = '{"b": 1, "10": 2, "2": 3, "01": 4, "4294967294": 5, "4294967295": 6, "-1": 7, "n": N}';
    const expected = (n: string) => `{"2":3,"10":2,"4294967294":5,"b":1,"01":4,"4294967295":6,"-1":7,"n":${n}}`;
    for (const n of ['1', LONG]) expect(toBody(order.replace('N', n))).toBe(expected(n));
  });

  it('takes hostile payloads of 256 KiB in time that other deliveries do not notice', () => {
    const zeros = `0.1${'0'.repeat(16_000)}1`;
    for (const hostile of [
      `[${Array.from({ length: 16 }, () => zeros).join(', ')}]`,
      `[${Array.from({ length: 12_000 }, () => LONG).join(', ')}]`,
      `["${'\\\\'.repeat(120_000)}", ${LONG}]`,
      `["${'1'.repeat(250_000)}"]`,
      `[1${'0'.repeat(131_000)}]`,
      `{${Array.from({ length: 12_000 }, (_, i) => `"${20_000 - i}": 1`).join(', ')}, "n": ${LONG}}`,
    ]) {
      const began = performance.now();
      toBody(hostile);
      expect(performance.now() - began, hostile.slice(0, 30)).toBeLessThan(500);
    }
  });
});
