import { createContext, useContext } from 'react';
import type { Session } from './session.js';

const Context = createContext<Session | null>(null);
export const SessionProvider = Context.Provider;

/** Whoever is signed in. Throws outside of the pages that need it. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === null) throw new Error('There is no session here.');
  return session;
}

/** Whether this session may change things. */
export function useMayWrite(): boolean {
  return useSession().access === 'write';
}

export function useIsOperator(): boolean {
  return useSession().kind === 'service';
}
