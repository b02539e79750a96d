import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, carryCsrfToken, ok } from '../api/client.js';
import { isSignedOut, tell } from '../api/problem.js';
import { queries } from '../api/queries.js';

/** Who is signed in; `access: read`: nothing may be changed. */
export type Session = components['schemas']['Session'];

const KEY = ['session'] as const;
/** One cookie is for all tabs: where another signs in or out, this one would show one user's rows under another's name. */
const otherTabs = new BroadcastChannel('hookline.session');
otherTabs.addEventListener('message', () => location.reload());

/** The session of this page, null when nobody is signed in. A token in the address is exchanged for it first, once, and is gone from there. */
export function useSessionQuery() {
  return useQuery({ queryKey: KEY, queryFn: findSession, staleTime: Number.POSITIVE_INFINITY, retry: false });
}

async function findSession(): Promise<Session | null> {
  const token = takeTokenFromAddress();
  if (token !== undefined) return signInWith(token);
  try {
    return carry(ok(await api.GET('/v1/session')));
  } catch (error) {
    // Nobody signed in here before; any other refusal tells why what was here has ended.
    if (isSignedOut(error) && tell(error).code === 'unauthorized') return null;
    throw error;
  }
}

/** The fragment is never sent to a server and stands in no log; taken out, it does not stay in the history either. */
function takeTokenFromAddress(): string | undefined {
  const token = tokenInAddress();
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** A link with a token that is opened in a page that stands already changes the fragment alone: the page begins anew, so that nothing of the session before stays. */
export function followTokens(): void {
  addEventListener('hashchange', () => {
    if (tokenInAddress() !== undefined) location.reload();
  });
}

function tokenInAddress(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('token') || undefined;
}

/** Exchanges a credential for a session. Throws what the API refuses it with. */
export async function signInWith(token: string): Promise<Session> {
  const session = carry(ok(await api.POST('/v1/session', { body: { token } })));
  otherTabs.postMessage('changed');
  return session;
}

/** Puts a new session in place of what was known for another. */
export function enter(session: Session): void {
  replaceAll(session);
}

/** Ends the session here and forgets all that was read under it. Throws what the API refuses it with, and when that cannot be reached. */
export async function signOut(): Promise<void> {
  ok(await api.DELETE('/v1/session'));
  otherTabs.postMessage('changed');
  forget();
}

/** What was read stays nowhere when the session has ended. */
export function forget(): void {
  carryCsrfToken(null);
  replaceAll(null);
}

/** The session's own query stays: the page watches it, and would not be told of another in its place. */
function replaceAll(session: Session | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  queries.getMutationCache().clear();
  queries.setQueryData(KEY, session);
}

function carry(session: Session): Session {
  carryCsrfToken(session.csrf_token);
  return session;
}
