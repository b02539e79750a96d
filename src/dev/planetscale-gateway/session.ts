import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { VtgateError } from './errors.js';

/**
 * What stands between two statements of a client, in the shape of Vitess's own session (protojson: what is zero, empty or false is left
 * out). Clients keep it and send it back as it is.
 */
export interface VitessSession {
  readonly inTransaction?: true;
  /** The open transaction, from its first statement on. */
  readonly shardSessions?: readonly [ShardSession];
  readonly autocommit?: true;
  readonly options: { readonly includedFields: 'ALL'; readonly clientFoundRows: true };
  readonly lastInsertId?: string;
  readonly foundRows?: string;
  readonly rowCount?: string;
  readonly DDLStrategy: 'direct';
  readonly SessionUUID: string;
  readonly enableSystemSettings: true;
  /** Of this gateway: what START TRANSACTION was given. */
  readonly characteristics?: string;
  /** Of this gateway: SET and USE, which are said again on the connection of each statement. */
  readonly settings?: readonly string[];
}

interface ShardSession {
  readonly target: { readonly keyspace: string; readonly shard: '-'; readonly tabletType: 'PRIMARY' };
  readonly transactionId: string;
}

/** A session as it goes over the wire. */
export const SignedSession = Type.Object({
  signature: Type.String(),
  vitessSession: Type.Object({}),
});
export type SignedSession = Static<typeof SignedSession>;

const LONGEST_SETTINGS = 16_384;

export function newSession(): VitessSession {
  return {
    autocommit: true,
    options: { includedFields: 'ALL', clientFoundRows: true },
    DDLStrategy: 'direct',
    SessionUUID: randomUUID(),
    enableSystemSettings: true,
  };
}

export function transactionIdOf(session: VitessSession): string | undefined {
  return session.shardSessions?.[0].transactionId;
}

export function withTransaction(session: VitessSession, keyspace: string, transactionId: string): VitessSession {
  const target = { keyspace, shard: '-', tabletType: 'PRIMARY' } as const;
  return { ...session, inTransaction: true, shardSessions: [{ target, transactionId }] };
}

/** The session after COMMIT and ROLLBACK. */
export function withoutTransaction(session: VitessSession): VitessSession {
  const { inTransaction: _, shardSessions: __, characteristics: ___, ...rest } = session;
  return rest;
}

/** Throws when they are more than a session that travels with each request should hold. */
export function withSetting(session: VitessSession, sql: string): VitessSession {
  const settings = [...(session.settings ?? []), sql];
  if (settings.join().length > LONGEST_SETTINGS) {
    throw new VtgateError(`the settings of a session are longer than ${LONGEST_SETTINGS} characters: open a new one`);
  }
  return { ...session, settings };
}

export interface Sessions {
  sign(session: VitessSession): SignedSession;
  /** Throws a VtgateError when it was not signed here. */
  verify(signed: SignedSession): VitessSession;
}

/** `secret` is the same after a restart, so that clients keep their sessions. */
export function createSessions(secret: string): Sessions {
  const signatureOf = (session: object): Buffer => createHmac('sha256', secret).update(canonical(session)).digest();
  return {
    sign(vitessSession) {
      return { signature: signatureOf(vitessSession).toString('base64'), vitessSession };
    },
    verify({ signature, vitessSession }) {
      const given = Buffer.from(signature, 'base64');
      const wanted = signatureOf(vitessSession);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
        throw new VtgateError('invalid session: its signature is not one of this server');
      }
      // Only what this gateway made carries its signature.
      return vitessSession as VitessSession;
    },
  };
}

/** JSON with the keys in order: a client may have parsed and written the session again. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
