/**
 * JSON as text. A webhook's numbers may hold more digits than a double (ids, credits), so what is stored and sent on is cut out of the
 * text as it came, not parsed and printed again. Everything here scans without recursion: hostile nesting costs no stack.
 */

const LONE_ESCAPE =
  /(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|(\\.)/g;

/** `json` with every escaped lone surrogate made U+FFFD; databases refuse it, and UTF-8 cannot carry it. Raw ones cannot outlive UTF-8 decoding. */
export function mendSurrogates(json: string): string {
  if (!/\\u[dD][89a-fA-F]/.test(json)) return json;
  return json.replace(LONE_ESCAPE, (_, pair?: string, other?: string) => pair ?? other ?? '\\ufffd');
}

/** Depth of the deepest nesting (`{}` is 1), and whether a string holds a NUL. Takes valid JSON. */
export function inspect(json: string): { depth: number; hasNul: boolean } {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  let hasNul = false;
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) {
        hasNul ||= json.startsWith('u0000', at + 1);
        at++;
      } else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_OBJECT || char === OPEN_ARRAY) deepest = Math.max(deepest, ++depth);
    else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) depth--;
  }
  return { depth: deepest, hasNul };
}

/** An object's members: decoded key → the value's JSON text. As with JSON.parse, the last of equal keys wins. */
export type Members = ReadonlyMap<string, string>;

/** The members of `json`, the text of a valid JSON object; of anything else (null, a list, absent) there are none. */
export function membersOf(json: string | undefined): Map<string, string> {
  const members = new Map<string, string>();
  if (json === undefined) return members;
  let at = skipSpace(json, 0);
  if (json.charCodeAt(at) !== OPEN_OBJECT) return members;
  at = skipSpace(json, at + 1);
  while (at < json.length && json.charCodeAt(at) !== CLOSE_OBJECT) {
    const keyEnd = endOfString(json, at);
    const key: string = JSON.parse(json.slice(at, keyEnd));
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    members.set(key, json.slice(start, end).trimEnd());
    at = json.charCodeAt(end) === COMMA ? skipSpace(json, end + 1) : end;
  }
  return members;
}

/** The texts of the elements of `json`, the text of a valid JSON array; of anything else there are none. */
export function elementsOf(json: string | undefined): string[] {
  const elements: string[] = [];
  if (json === undefined) return elements;
  let at = skipSpace(json, 0);
  if (json.charCodeAt(at) !== OPEN_ARRAY) return elements;
  at = skipSpace(json, at + 1);
  while (at < json.length && json.charCodeAt(at) !== CLOSE_ARRAY) {
    const end = endOfValue(json, at);
    elements.push(json.slice(at, end).trimEnd());
    at = json.charCodeAt(end) === COMMA ? skipSpace(json, end + 1) : end;
  }
  return elements;
}

/** The JSON text of an object with these members, in their order. */
export function objectOf(members: Members): string {
  const parts: string[] = [];
  for (const [key, value] of members) parts.push(`${JSON.stringify(key)}:${value}`);
  return `{${parts.join(',')}}`;
}

/** A member's value as text: null and absent give null, a string itself, anything else its JSON. */
export function textOf(value: string | undefined): string | null {
  if (value === undefined || value === 'null') return null;
  return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function skipSpace(json: string, from: number): number {
  let at = from;
  while (at < json.length && json.charCodeAt(at) <= 0x20) at++;
  return at;
}

function endOfString(json: string, quote: number): number {
  let at = quote + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** Where the value that begins at `start` is over: at the comma or bracket after it. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    if (char === OPEN_OBJECT || char === OPEN_ARRAY) depth++;
    else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      if (depth === 0) return at;
      depth--;
    } else if (char === COMMA && depth === 0) return at;
    at++;
  }
  return at;
}
