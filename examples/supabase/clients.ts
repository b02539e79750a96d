import { createClient, type SupabaseClient } from '@supabase/supabase-js';

export interface Clients {
  /** Acts as one user: sees and changes what is theirs. */
  readonly user: SupabaseClient;
  /** Acts as your application's backend: may trigger events. Never give its key to a browser. */
  readonly service: SupabaseClient;
}

/** Makes both clients. Only URL and keys tell a Supabase project and Hookline's own server apart. */
export function createClients(env: Readonly<Record<string, string | undefined>>): Clients {
  const url = setting(env, 'WEBHOOKS_API_URL');
  const userToken = setting(env, 'USER_TOKEN');
  const withoutSession = { auth: { persistSession: false, autoRefreshToken: false } };
  return {
    user: createClient(url, setting(env, 'ANON_KEY'), { accessToken: async () => userToken }),
    service: createClient(url, setting(env, 'SERVICE_KEY'), withoutSession),
  };
}

/** A variable of the environment that has to be there. */
export function setting(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`Set ${name}: see README.md beside this file.`);
  return value;
}
