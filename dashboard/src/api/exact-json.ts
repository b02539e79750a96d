import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** Reads JSON. A number that JavaScript would round is a LosslessNumber in it, which `jsonOf` writes as it came; every other is a number. */
export function exactly<T>(text: string): T {
  return parse(text, undefined, (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits))) as T;
}

/** JSON of a value of `exactly` or `readObject`, each number in its own digits. */
export function jsonOf(value: unknown): string {
  return stringify(value) ?? 'null';
}
