import { elementsOf, membersOf } from '@hookline/receiver';

/**
 * Whether two JSON texts have the same value: whatever the order of members and the spaces, and with every digit of a number, which JSON.parse would
 * round. A text that is no JSON equals itself alone.
 */
export function jsonEqual(one: string, other: string): boolean {
  if (one === other) return true;
  return isJson(one) && isJson(other) && sameValue(one.trim(), other.trim());
}

function sameValue(one: string, other: string): boolean {
  if (one === other) return true;
  const kind = one.charAt(0);
  if (kind === '{' && other.startsWith('{')) return sameMembers(membersOf(one), membersOf(other));
  if (kind === '[' && other.startsWith('[')) {
    const [ours, theirs] = [elementsOf(one), elementsOf(other)];
    return ours.length === theirs.length && ours.every((text, at) => sameValue(text, theirs[at] ?? ''));
  }
  if (kind === '"' && other.startsWith('"')) return JSON.parse(one) === JSON.parse(other);
  const [ours, theirs] = [plainDecimal(one), plainDecimal(other)];
  return ours !== null && ours === theirs;
}

function sameMembers(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([key, text]) => {
    const theirs = other.get(key);
    return theirs !== undefined && sameValue(text, theirs);
  });
}

/** A number in one form for each value, as `-12345e-2`: its digits without zeros at the ends, and the power of ten. Null for what is no number. */
export function plainDecimal(text: string): string | null {
  const [, sign = '', whole, fraction = '', exponent = '0'] =
    /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,9}))?\s*$/i.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0e0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
