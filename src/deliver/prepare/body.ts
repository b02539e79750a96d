/** A run of 16 or more digits and points: only such a number may lose digits as a double. Inside a string it costs a slower path, no more. */
const LONG_NUMBER = /[0-9][0-9.]{15,}/;

/**
 * The body of a delivery, from JSONB as PostgreSQL writes it: compact, as `JSON.stringify(JSON.parse(text))` would write it, except that a
 * number which a double cannot hold keeps its own digits (DESIGN, The body). Takes any depth of nesting.
 */
export function toBody(jsonb: string): string {
  if (LONG_NUMBER.test(jsonb)) return rewrite(jsonb);
  const value: unknown = JSON.parse(jsonb);
  try {
    return JSON.stringify(value);
  } catch (error) {
    // JSON.stringify recurses: its stack ends at about 4,000 levels, PostgreSQL's at about 6,000.
    if (error instanceof RangeError) return rewrite(jsonb);
    throw error;
  }
}

interface Container {
  readonly kind: '{' | '[';
  /** The key whose value comes next, as JSON. */
  key: string | undefined;
  members: string;
  /** Members whose keys JavaScript takes for array indices: it puts them first, in the order of their numbers. */
  readonly indexed: { readonly index: number; readonly member: string }[];
}

/** Rewrites well-formed JSON in one pass without recursion and without making its values, so that no number passes through a double. */
function rewrite(json: string): string {
  const open: Container[] = [];
  for (let at = 0; ; ) {
    const char = json[at];
    let value: string;
    if (char === '{' || char === '[') {
      open.push({ kind: char, key: undefined, members: '', indexed: [] });
      at += 1;
      continue;
    }
    if (char === ' ' || char === ',' || char === ':') {
      at += 1;
      continue;
    }
    if (char === '}' || char === ']') {
      value = close(open.pop());
      at += 1;
    } else {
      const end = char === '"' ? endOfString(json, at) : endOfScalar(json, at);
      value = scalar(json.slice(at, end));
      at = end;
    }
    const container = open.at(-1);
    if (container === undefined) return value;
    put(container, value);
  }
}

function put(container: Container, value: string): void {
  if (container.kind === '[') container.members = append(container.members, value);
  else if (container.key === undefined) container.key = value;
  else {
    const member = `${container.key}:${value}`;
    const index = arrayIndex(container.key);
    if (index === undefined) container.members = append(container.members, member);
    else container.indexed.push({ index, member });
    container.key = undefined;
  }
}

/** Only ever joined, never cut: V8 joins in constant time and writes the text out once, at the end. */
function append(members: string, member: string): string {
  return members === '' ? member : `${members},${member}`;
}

function close(container: Container | undefined): string {
  if (container === undefined) throw new SyntaxError('The payload is not JSON.');
  const { kind, members, indexed } = container;
  if (kind === '[') return `[${members}]`;
  if (indexed.length === 0) return `{${members}}`;
  const first = indexed.sort((a, b) => a.index - b.index).reduce((all, { member }) => append(all, member), '');
  return `{${members === '' ? first : append(first, members)}}`;
}

/** The number of a key that is an array index (ECMA-262: an integer below 2^32 − 1, written canonically). */
function arrayIndex(key: string): number | undefined {
  if (!/^"(0|[1-9]\d{0,9})"$/.test(key)) return undefined;
  const index = Number(key.slice(1, -1));
  return index < 2 ** 32 - 1 ? index : undefined;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') {
    if (at >= json.length) throw new SyntaxError('The payload is not JSON.');
    at += json[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function endOfScalar(json: string, start: number): number {
  const END = /[,\]} ]|$/g;
  END.lastIndex = start;
  return END.exec(json)?.index ?? json.length;
}

function scalar(token: string): string {
  return /^[-0-9]/.test(token) ? number(token) : JSON.stringify(JSON.parse(token));
}

function number(digits: string): string {
  const shortest = String(Number(digits));
  return plain(shortest) === plain(digits) ? shortest : digits;
}

/** A decimal as sign, digits and power of ten without leading or trailing zeros: equal texts, equal numbers. */
function plain(text: string): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  // Not /0+$/: with a run of zeros inside it takes quadratic time, 0.4 s for the longest number that PostgreSQL holds.
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  if (end === 0) return '0';
  return `${sign}${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
