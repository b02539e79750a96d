import type { Exchange } from './delivery-types.js';

/** What is kept of a body where the operator has not set another limit; a character that the limit falls into goes, too. */
const DEFAULT_LIMIT = 65_536;
const LONGEST_CHARACTER = 4;

/** How many bytes of an answer's body are kept, and whether it went on: as its Content-Length says, else by the limit. */
export function keptOf({
  response_body: body,
  response_headers: headers,
}: Pick<Exchange, 'response_body' | 'response_headers'>): {
  readonly bytes: number;
  readonly isCut: boolean;
} {
  const bytes = new TextEncoder().encode(body ?? '').length;
  const [, told] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'content-length') ?? [];
  const isCut = told === undefined ? bytes > DEFAULT_LIMIT - LONGEST_CHARACTER : Number(told) > bytes;
  return { bytes, isCut };
}
