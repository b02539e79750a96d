/** An answer of JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** The webhook was taken, stored or not: the gateway shall not send it again. */
export function received(): Response {
  return json(200, { received: true });
}

/** `{"error","code"}`; with Retry-After in seconds when the gateway shall send again. */
export function refusal(status: number, code: string, error: string, retryAfter?: number): Response {
  return json(status, { error, code }, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
}
