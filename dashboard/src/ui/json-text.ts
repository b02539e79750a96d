import { parse, stringify } from 'lossless-json';

/** What a text that should be a JSON object is. Numbers keep their own digits: `value` is for `jsonOf` alone, which writes the bodies of requests. */
export type JsonText =
  | { readonly kind: 'object'; readonly value: Record<string, unknown> }
  | { readonly kind: 'other' }
  | { readonly kind: 'not_json' };

export function readObject(text: string): JsonText {
  try {
    const value = parse(text);
    return isRecord(value) ? { kind: 'object', value } : { kind: 'other' };
  } catch {
    return { kind: 'not_json' };
  }
}

/** As `jsonOf`, for people. */
export function readableJsonOf(value: unknown): string {
  return stringify(value, null, 2) ?? 'null';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
