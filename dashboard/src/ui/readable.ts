import { parse, stringify } from 'lossless-json';

/** JSON of a value, indented, with every number in its own digits; a text that is JSON is too. Any other text as it is. */
export function readable(value: unknown): string {
  if (typeof value !== 'string') return stringify(value, null, 2) ?? '';
  try {
    return stringify(parse(value), null, 2) ?? value;
  } catch {
    return value;
  }
}
