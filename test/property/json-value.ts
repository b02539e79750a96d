/** A JSON number in the digits it was written with: PostgreSQL's numbers are exact, JavaScript's are not. */
export class Digits {
  constructor(readonly text: string) {}
}

/** Any JSON value as PostgreSQL knows it: exact numbers, keys in no order. */
export type Json = null | boolean | string | Digits | readonly Json[] | JsonObject;
export interface JsonObject extends ReadonlyMap<string, Json> {}

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The JSON text. `messy` writes the first key of every object twice, the first time with another value: the last one counts. */
export function toText(value: Json, messy = false): string {
  if (value instanceof Digits) return value.text;
  if (isArray(value)) return `[${value.map((item) => toText(item, messy)).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = [...value].map(([key, member]) => `${JSON.stringify(key)}: ${toText(member, messy)}`);
  const [first] = value.keys();
  if (messy && first !== undefined) members.unshift(`${JSON.stringify(first)}: [[]]`);
  return `{${members.join(', ')}}`;
}

/** What `$gt` and its kin call greater: 1, 0 or -1 for two numbers or two strings, undefined for anything else. */
export function order(a: Json, b: Json): number | undefined {
  if (a instanceof Digits && b instanceof Digits) return orderOfNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return undefined;
}

export function equal(a: Json, b: Json): boolean {
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, n) => equal(item, b[n] ?? null));
  if (isObject(a)) {
    return (
      isObject(b) && a.size === b.size && [...a].every(([key, item]) => b.has(key) && equal(item, b.get(key) ?? null))
    );
  }
  return a instanceof Digits && b instanceof Digits ? orderOfNumbers(a, b) === 0 : a === b;
}

/** PostgreSQL's containment, `a @> b`: an array also contains a bare value that is one of its elements. */
export function contains(a: Json, b: Json): boolean {
  if (isArray(a) && !isArray(b) && !isObject(b)) return a.some((item) => equal(item, b));
  return containsDeep(a, b);
}

function containsDeep(a: Json, b: Json): boolean {
  if (isArray(b)) return isArray(a) && b.every((item) => a.some((held) => containsDeep(held, item)));
  if (isObject(b)) {
    return isObject(a) && [...b].every(([key, item]) => a.has(key) && containsDeep(a.get(key) ?? null, item));
  }
  return equal(a, b);
}

function orderOfNumbers(a: Digits, b: Digits): number {
  const [first, second] = [scaled(a), scaled(b)];
  const power = first.power < second.power ? first.power : second.power;
  const difference = first.whole * 10n ** (first.power - power) - second.whole * 10n ** (second.power - power);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function scaled({ text }: Digits): { whole: bigint; power: bigint } {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { whole: BigInt(whole + fraction), power: BigInt(exponent) - BigInt(fraction.length) };
}
