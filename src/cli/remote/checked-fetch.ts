import { HooklineError } from '../../errors.js';
import { VERSION } from '../../observe/version.js';

/** An answer holds a hundred deliveries, or one with its payload and what was answered, at most. */
const LARGEST_ANSWER = 64 * 1024 * 1024;
const JSON_TYPE = /^application\/(problem\+)?json\b/;
const STREAM_TYPE = /^text\/event-stream\b/;
/** The audit log and the logs of proxies show that it was the command line. */
const USER_AGENT = `hookline-cli/${VERSION}`;
const STREAM_PATH = /\/v1\/deliveries\/stream$/;

type Fetch = (request: Request, init: { readonly signal: AbortSignal }) => Promise<Response>;

/**
 * `fetch` for the client of a command: throws `server_unreachable` and `server_timeout` for what `fetch` throws, and `not_hookline` for an answer that Hookline does not give,
 * so that a wrong URL is told apart from a refusal. It follows no redirect: the token would go along.
 */
export function checkedFetch(url: string): Fetch {
  return async (request, { signal }) => {
    try {
      request.headers.set('user-agent', USER_AGENT);
      const response = await fetch(request, { signal, redirect: 'manual' });
      const isStream = STREAM_PATH.test(new URL(request.url).pathname) && response.ok;
      const problem = foreignOf(response, url, isStream ? STREAM_TYPE : JSON_TYPE);
      if (problem !== undefined) {
        await response.body?.cancel();
        throw problem;
      }
      return isStream ? response : await whole(response, url);
    } catch (error) {
      if (error instanceof HooklineError || request.signal.aborted) throw error;
      throw signal.aborted ? timedOut(url) : unreachable(url, error);
    }
  };
}

/** What shows that another than Hookline answers. */
function foreignOf(response: Response, url: string, expected: RegExp): HooklineError | undefined {
  const { status, headers } = response;
  if (status >= 300 && status < 400 && status !== 304) {
    return new HooklineError('not_hookline', `${url} redirects to another address.`, {
      hint: `Set HOOKLINE_URL, or --url, to where the server itself is${locationOf(headers.get('location'), url)}.`,
    });
  }
  if (status === 204 || status === 304) return undefined;
  const type = typeOf(response);
  if (response.ok ? expected.test(type) : type.startsWith('application/problem+json')) return undefined;
  return notHookline(url, `answered ${status} with ${type === '' ? 'no content type' : type.slice(0, 80)}`);
}

/** Reads the whole answer, within the time that the call has. */
async function whole(response: Response, url: string): Promise<Response> {
  if (response.body === null) return response;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER) throw notHookline(url, `answered with more than ${LARGEST_ANSWER} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw notHookline(url, `answered ${response.status} with what is no JSON`);
  }
  const { status, headers } = response;
  return new Response(text, { status, headers });
}

function typeOf({ headers }: Response): string {
  return headers.get('content-type')?.toLowerCase() ?? '';
}

function notHookline(url: string, what: string): HooklineError {
  return new HooklineError('not_hookline', `${url} ${what}, which Hookline does not.`, {
    hint: 'Set HOOKLINE_URL, or --url, to the address of the server, without /v1. A proxy before a server that is away answers so, too.',
  });
}

function timedOut(url: string): HooklineError {
  return new HooklineError('server_timeout', `${url} did not answer in time.`, {
    hint: 'Try again, or wait longer with --timeout. GET /readyz says whether the server has its database.',
  });
}

function unreachable(url: string, error: unknown): HooklineError {
  return new HooklineError('server_unreachable', `${url} cannot be reached.`, {
    cause: error instanceof Error && error.cause !== undefined ? error.cause : error,
    hint: 'Set HOOKLINE_URL, or --url, to the address of the server, and see that it runs: hookline start.',
  });
}

/** Only its origin: a location may hold what was asked for. */
function locationOf(location: string | null, url: string): string {
  if (location === null || !URL.canParse(location, url)) return '';
  return `, perhaps ${new URL(location, url).origin}`;
}
