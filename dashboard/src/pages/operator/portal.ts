import { api, ok } from '../../api/client.js';
import { queries } from '../../api/queries.js';

/** How long a link may live, in seconds; a day is the longest. */
export const LIFETIMES = { quarter: 900, hour: 3_600, workday: 28_800, day: 86_400 } as const;

/** Whom a link is for: by one of the two. */
export interface UserName {
  readonly user_id?: string;
  readonly external_user_id?: string;
}

export interface PortalLink {
  /** Whole, with the token, which the server tells this once. */
  readonly url: string;
  /** ISO 8601. */
  readonly expiresAt: string | null;
  readonly access: 'read' | 'write';
}

/** Makes a token for a user and gives the address under which it opens the dashboard. Throws what the API refuses it with. */
export async function makePortalLink(
  user: UserName,
  access: 'read' | 'write',
  expires_in_seconds: number,
): Promise<PortalLink> {
  const made = ok(await api.POST('/v1/portal-tokens', { body: { ...user, access, expires_in_seconds } }));
  // The user may be a new one.
  void queries.invalidateQueries({ queryKey: ['users'] });
  return { url: location.origin + made.dashboard_path, expiresAt: made.expires_at, access: made.access };
}
