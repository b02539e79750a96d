import { HooklineError } from '../../src/errors.js';
import type { Provider } from '../../src/schema/provider.js';
import {
  createPlanetscaleProvider,
  type PlanetscaleProviderOptions,
} from '../../src/schema/providers/planetscale/provider.js';
import { type Answer, type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

export const TOKEN_ID = 'token-id-1';
export const TOKEN = 'pscale_tkn_very-secret';
const BASE = '/v1/organizations/acme/databases/shop%20db';

/** Answers in order, the last one again and again; or by the request. */
export type Answers = Answer | readonly Answer[] | ((request: ReceivedRequest) => Answer);

export interface ScriptedApi {
  readonly provider: Provider;
  readonly server: ReceiverServer;
  /** What was asked, as `GET /branches/x?page=1`. */
  asked(): string[];
  close(): Promise<void>;
}

/**
 * A server that answers as each test says, where a stand-in with state would not: routes are `GET /branches/x`, below the database, without their query. What has no
 * route is answered with PlanetScale's 404.
 */
export async function startScriptedApi(
  routes: Readonly<Record<string, Answers>>,
  options: Partial<PlanetscaleProviderOptions> = {},
): Promise<ScriptedApi> {
  const counts = new Map<string, number>();
  const server = await startReceiver((request) => {
    const route = `${request.method} ${belowDatabase(request).split('?')[0]}`;
    const answers = routes[route] ?? NOT_FOUND;
    if (typeof answers === 'function') return answers(request);
    const list: readonly Answer[] = isList(answers) ? answers : [answers];
    const index = counts.get(route) ?? 0;
    counts.set(route, index + 1);
    return list[Math.min(index, list.length - 1)] ?? NOT_FOUND;
  });
  const provider = createPlanetscaleProvider({
    api: new URL(server.url).origin,
    organization: 'acme',
    database: 'shop db',
    tokenId: TOKEN_ID,
    token: TOKEN,
    pollMs: 5,
    requestTimeoutMs: 15_000,
    ...options,
  });
  return {
    provider,
    server,
    asked: () => server.requests.map((request) => `${request.method} ${belowDatabase(request)}`),
    async close() {
      await provider.close();
      await server.close();
    },
  };
}

function isList(answers: Answer | readonly Answer[]): answers is readonly Answer[] {
  return Array.isArray(answers);
}

function belowDatabase({ url }: ReceivedRequest): string {
  return url.startsWith(BASE) ? url.slice(BASE.length) : url;
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  return json({ code, message }, status, headers);
}

export const NOT_FOUND = refusal(404, 'not_found', 'Not Found');
export const BAD_GATEWAY: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>502 Bad Gateway</h1></html>',
};

export function page(data: readonly unknown[], next: number | null = null): Answer {
  return json({ type: 'list', current_page: 1, next_page: next, data });
}

export function branch(name: string, more: object = {}): object {
  return {
    id: `id-${name}`,
    type: 'Branch',
    name,
    parent_branch: 'main',
    production: false,
    ready: true,
    schema_ready: true,
    safe_migrations: false,
    created_at: '2026-11-01T10:00:00.000Z',
    html_url: `https://app.planetscale.com/acme/shop/${name}`,
    region: { slug: 'us-east' },
    ...more,
  };
}

export const MAIN = branch('main', { production: true, parent_branch: null, safe_migrations: true });

/** The error of the catalogue that a call ends with, with the token nowhere in it. */
export async function failure(call: Promise<unknown>): Promise<HooklineError> {
  const error: unknown = await call.then(
    (value) => `it gave ${JSON.stringify(value)}`,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HooklineError)) throw new Error(`no error of the catalogue: ${error}`, { cause: error });
  for (const secret of [TOKEN, 'plain-text-1']) {
    if (`${error.message} ${error.hint} ${error.stack}`.includes(secret)) throw new Error('a secret is told');
  }
  return error;
}
