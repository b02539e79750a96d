import { LosslessNumber, parse, stringify } from 'lossless-json';

/** A run of 16 or more digits and points: only such a number may lose digits as a double. Inside a string it costs a slower path, no more. */
const LONG_NUMBER = /[0-9][0-9.]{15,}/;

/**
 * The body of a delivery, from JSONB as PostgreSQL writes it: compact, as `JSON.stringify(JSON.parse(text))` would write it, except that a
 * number which a double cannot hold keeps its own digits (DESIGN, The body).
 */
export function toBody(jsonb: string): string {
  if (!LONG_NUMBER.test(jsonb)) return JSON.stringify(JSON.parse(jsonb));
  return stringify(parse(jsonb, null, parseNumber)) as string;
}

function parseNumber(digits: string): number | LosslessNumber {
  const double = Number(digits);
  return Number.isFinite(double) && plain(String(double)) === plain(digits) ? double : new LosslessNumber(digits);
}

/** A decimal as sign, digits and power of ten without leading or trailing zeros: equal texts, equal numbers. */
function plain(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
