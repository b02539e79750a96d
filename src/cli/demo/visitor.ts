import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { createToken } from '../../manage/tokens/tokens.js';

/** As long as a session of the dashboard lasts. */
const LASTS_SECONDS = 12 * 3_600;

/** Whoever opens the dashboard of the demo, and is signed in there as the demo's user. */
export interface Visitor {
  /** Says whom a visitor is from now on. */
  become(db: Database, userId: string): void;
  /** A new portal token for one session; undefined while there is no user. */
  credential(): Promise<string | undefined>;
}

export function createVisitor(): Visitor {
  let user: { readonly db: Database; readonly userId: string } | undefined;
  return {
    become(db, userId) {
      user = { db, userId };
    },
    async credential() {
      if (user === undefined) return undefined;
      const { db, userId } = user;
      const token = { name: 'demo', access: 'write', expiresInSeconds: LASTS_SECONDS, userId } as const;
      return (await asService(db, (tx) => createToken(tx, 'portal_token', token))).secret;
    },
  };
}
