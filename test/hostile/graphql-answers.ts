import { expect } from 'vitest';
import { CATALOGUE, type ErrorCode } from '../../src/errors.js';
import type { GraphqlRequest } from './graphql-requests.js';

const INSIDE =
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+\w|node_modules|\.[jt]s:\d|\n\s+at |file:\/\/|pg_catalog|hookline\.\w+_\w+\(|syntax error/;
/** Of a stream that stays open, what comes in so long. */
const STREAM_MS = 40;
const HANGING_MS = 60_000;

interface Body {
  readonly code?: string;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly text: string;
  readonly isStream: boolean;
  /** The JSON in it: one, or each of a stream. */
  readonly bodies: readonly Body[];
}

/** Sends it. Throws when there is no answer in time. */
export async function send(
  url: string,
  { method, search, headers, body }: GraphqlRequest,
  bearer: string | undefined,
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql${search}`, {
    method,
    headers: { ...headers, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(HANGING_MS),
  });
  const isStream = (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
  const text = isStream ? await beginningOf(response) : await response.text();
  const lines = text.split('\n').map((line) => line.replace(/^data: /, ''));
  const bodies = lines.filter((line) => line.startsWith('{')).map((line): Body => JSON.parse(line));
  return { status: response.status, text, isStream, bodies };
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const endsAt = performance.now() + STREAM_MS;
  let text = '';
  while (reader !== undefined && performance.now() < endsAt) {
    const late = new Promise<undefined>((resolve) => void setTimeout(resolve, STREAM_MS));
    const read = await Promise.race([reader.read(), late]);
    if (read === undefined || read.done) break;
    text += decoder.decode(read.value, { stream: true });
  }
  await reader?.cancel();
  // A block may be cut in the middle.
  return text.slice(0, text.lastIndexOf('\n\n') + 2);
}

/** The codes in an answer. */
export function codesOf({ bodies }: GraphqlAnswer): unknown[] {
  return bodies.flatMap(({ code, errors = [] }) => [
    ...(code === undefined ? [] : [code]),
    ...errors.map(({ extensions }) => extensions?.['code']),
  ]);
}

/** What every answer has to be: below 500, with something to say, and each error of the catalogue, of the caller's making and without a word of the inside. */
export function expectAnswer(answer: GraphqlAnswer): void {
  expect(answer.status, answer.text.slice(0, 500)).toBeLessThan(500);
  if (!answer.isStream) expect(answer.bodies.length, `a body: ${answer.text.slice(0, 500)}`).toBeGreaterThan(0);
  for (const code of codesOf(answer)) {
    expect(Object.keys(CATALOGUE), answer.text.slice(0, 500)).toContain(code);
    expect(CATALOGUE[code as ErrorCode].status, answer.text.slice(0, 500)).toBeLessThan(500);
  }
  for (const { code, data, errors = [] } of answer.bodies) {
    expect(code !== undefined || data !== undefined || errors.length > 0).toBe(true);
    for (const { message } of errors) expect(message).not.toMatch(INSIDE);
  }
  if (answer.status >= 400) expect(answer.text).not.toMatch(INSIDE);
}

/**
 * For how long `act` held the event loop at most, in milliseconds, the least of three times: what `act` makes comes every time, what else the machine has to do does
 * not.
 */
export async function stallOf(act: (time: number) => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3; time += 1) {
    least = Math.min(least, await longestHold(() => act(time)));
    if (least < 50) break;
  }
  return least;
}

/** From one tick to the next, but no more than the processor time that was used between them: a process that stood still held nothing. */
async function longestHold(act: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let at = performance.now();
  let used = process.cpuUsage();
  const tick = (): void => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    longest = Math.max(longest, Math.min(now - at, (user + system) / 1e3));
    [at, used] = [now, process.cpuUsage()];
  };
  const timer = setInterval(tick, 5);
  try {
    await act();
  } finally {
    clearInterval(timer);
  }
  tick();
  return longest;
}
