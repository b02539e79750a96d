/**
 * How the matrix over HTTP is written: a line for each call, with the status that each caller gets, and a body where it has one.
 *
 *   call                     anon  owner  reader  stranger  service  body
 *   PATCH /v1/webhooks/$hook  401   200    403     404       200      {"name": "x"}
 *
 * $hook, $delivery, … are the owner's, made anew for each caller (things.ts). `reader` has the owner's API key that may only read.
 */
export const CALLERS = ['anon', 'owner', 'reader', 'stranger', 'service'] as const;
export type HttpCaller = (typeof CALLERS)[number];

export interface HttpCall {
  readonly method: string;
  readonly path: string;
  /** JSON, or undefined: no body. */
  readonly body: string | undefined;
  readonly statuses: Readonly<Record<HttpCaller, number>>;
}

const LINE = /^(GET|POST|PUT|PATCH|DELETE)\s+(\S+)\s+(\d{3})\s+(\d{3})\s+(\d{3})\s+(\d{3})\s+(\d{3})(?:\s+([{[].*))?$/;

/** Reads calls; throws on a line that is none. */
export function httpCalls(text: string): HttpCall[] {
  const [head = '', ...lines] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (head.split(/\s+/).join() !== ['call', ...CALLERS, 'body'].join()) throw new Error(`This is no head: ${head}`);
  return lines.map((line) => {
    const [, method = '', path = '', anon, owner, reader, stranger, service, body] = LINE.exec(line) ?? [];
    if (method === '') throw new Error(`Not a call with its statuses: ${line}`);
    const [a, o, r, s, v] = [anon, owner, reader, stranger, service].map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return { method, path, body, statuses: { anon: a, owner: o, reader: r, stranger: s, service: v } };
  });
}
