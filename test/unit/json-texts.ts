import fc from 'fast-check';
import { parse } from 'lossless-json';

/** JSON as text, in which every number has all its digits: cases for the body of a delivery, and what is compared of them. */

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
export function exact(text: string): unknown {
  return parse(text, null, (digits) => ({ exactly: exactNumber(digits) }));
}

export function isShortestDouble(digits: string): boolean {
  const double = Number(digits);
  return Number.isFinite(double) && exactNumber(String(double)) === exactNumber(digits);
}

const STRING = /"(?:[^"\\]|\\.)*"/g;
const NUMBER = /-?\d[\d.]*(?:[eE][+-]?\d+)?/g;

export const withoutStrings = (json: string): string => json.replace(STRING, '""');
export const numbersOf = (json: string): string[] => withoutStrings(json).match(NUMBER) ?? [];

/** The same text with 0 for every number, so that what remains is the order of keys, strings and separators. */
export const withoutNumbers = (json: string): string =>
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
export const { json } = fc.letrec<{ json: string }>((tie) => ({
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

/** A JSON text with its numbers as JSONB writes them: no exponent, no negative zero. Spaces and the order of keys stay. */
export function asJsonb(text: string): string {
  return text.replace(new RegExp(`${STRING.source}|${NUMBER.source}`, 'g'), (token) =>
    token.startsWith('"') ? token : decimal(token),
  );
}

function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const scale = Math.max(0, fraction.length - Number(exponent));
  const digits = (whole + fraction + '0'.repeat(Math.max(0, Number(exponent) - fraction.length))).padStart(
    scale + 1,
    '0',
  );
  const [before, after] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  const shown = `${before.replace(/^0+(?=\d)/, '')}${after === '' ? '' : `.${after}`}`;
  return /[1-9]/.test(shown) ? sign + shown : shown;
}
