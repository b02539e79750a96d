import { type Members, membersOf, objectOf } from './json-text.js';
import { type FetchedResponse, type FollowUpSettings, networkError } from './options.js';
import { parseRetryAfter } from './retry-after.js';
import type { LeasedWork, Store } from './store.js';
import { withSignal } from './time.js';
import { parseUrl } from './url.js';

/** How one call to a callback URL ended. `status` is absent when none came; `retryAfterMs` is what the gateway asked for. */
export type CallbackAnswer =
  | { readonly result: 'accepted'; readonly status: number }
  | { readonly result: 'rejected'; readonly status: number; readonly error: string }
  | { readonly result: 'origin_refused' }
  | { readonly result: 'unavailable'; readonly status?: number; readonly error: string; readonly retryAfterMs: number };

/** Whether callbacks may go to `url`: its origin is allowed, and it carries no credentials. */
export function isAllowed(url: string, origins: ReadonlySet<string>): boolean {
  const parsed = parseUrl(url);
  return parsed !== null && origins.has(parsed.origin) && parsed.username === '' && parsed.password === '';
}

/** The members of `ai_response.data` with the record's id and time, which override its own (rule 4). */
function enrichedData(data: Members, id: string, savedAt: string): Map<string, string> {
  return new Map(data).set('id', JSON.stringify(id)).set('saved_at', JSON.stringify(savedAt));
}

/** The body of rule 4: the enriched record, from the row and the webhook that stands on it. */
export function recordBody(
  store: Pick<Store, 'name'>,
  callback: Pick<LeasedWork, 'id' | 'savedAt' | 'payload'>,
): string {
  const { id, savedAt, payload } = callback;
  const data = membersOf(membersOf(membersOf(payload).get('ai_response')).get('data'));
  const metadata = { database: store.name, table: 'ai_content', record_id: id };
  return objectOf(
    new Map([
      ['data', objectOf(enrichedData(data, id, savedAt))],
      ['task_id', JSON.stringify(`${store.name}_${id}`)],
      ['metadata', JSON.stringify(metadata)],
    ]),
  );
}

/** The body of rule 5: processing failed for good. */
export function failureBody(message: string): string {
  return JSON.stringify({ error: 'processing_failed', message });
}

/**
 * Posts `body` to a callback URL once: no redirects, one time limit over the whole exchange. Never throws. 408, 425, 429, 5xx, network errors and
 * time-outs may pass; every other answer but 2xx is a rejection for good.
 */
export async function postCallback(url: string, body: string, settings: FollowUpSettings): Promise<CallbackAnswer> {
  if (!isAllowed(url, settings.origins)) return { result: 'origin_refused' };
  try {
    return await withSignal(settings.timeoutMs, (signal) => exchange(url, body, settings, signal));
  } catch (error) {
    return { result: 'unavailable', error: networkError(error), retryAfterMs: 0 };
  }
}

async function exchange(
  url: string,
  body: string,
  { fetch, apiKey }: FollowUpSettings,
  signal: AbortSignal,
): Promise<CallbackAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body,
    redirect: 'manual',
    signal,
  });
  const { status } = response;
  const retryAfterS = parseRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now());
  const retryAfterMs = (retryAfterS ?? 0) * 1000;
  await discard(response);
  if (status >= 200 && status < 300) return { result: 'accepted', status };
  const error = status === 0 || (status >= 300 && status < 400) ? 'redirect_refused' : `http_${status}`;
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { result: 'unavailable', status, error, retryAfterMs };
  }
  return { result: 'rejected', status, error };
}

/** Reads a short answer to its end, so that its connection can be used again; a long one is cut off. */
async function discard(response: FetchedResponse): Promise<void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let bytes = 0; bytes < 65_536; ) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value?.byteLength ?? 0;
    }
    await reader.cancel();
  } catch {
    // The status has come; what becomes of the body changes nothing.
  }
}
