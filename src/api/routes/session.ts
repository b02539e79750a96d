import { randomUUID } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Queryable } from '../../db/database.js';
import { isLoopbackAddress } from '../../egress/loopback.js';
import { HooklineError } from '../../errors.js';
import { VERSION } from '../../observe/version.js';
import type { Auth } from '../auth/auth.js';
import type { ActAs } from '../auth/caller.js';
import { callerCounting } from '../auth/know-callers.js';
import { acceptJson } from '../json-body.js';
import { NO_SESSION_COOKIE } from '../session/cookie.js';
import { checkSameOrigin } from '../session/same-origin.js';
import type { Session } from '../session/sealing.js';
import type { Sessions } from '../session/sessions.js';
import { CREDENTIALS_HINT } from '../v1/scope.js';
import { CREATE, END, READ } from './session-schemas.js';

/** A credential has at most 8,192 characters. */
const LONGEST_BODY_BYTES = 16_384;

export interface SessionRoutes {
  readonly auth: Auth;
  readonly actAs: ActAs;
  readonly sessions: Sessions;
  /**
   * Gives a credential to a page that is opened on this machine and has no session, so that it is signed in at once; undefined: none yet. The demo alone sets it.
   */
  readonly automaticCredential?: (() => Promise<string | undefined>) | undefined;
}

/** `/v1/session`: a credential is exchanged for a cookie, which is read and ended here. */
export function sessionRoutes(scope: FastifyInstance, deps: SessionRoutes): void {
  const { auth, actAs, sessions, automaticCredential } = deps;
  const givenBy = randomUUID();
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  acceptJson(scope);
  const know = callerCounting(scope);
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    sessions.checkHost(request);
  });

  /** Throws `token_user_unknown` for a user who is none here, and `unauthorized` where nobody is signed in. */
  const identityOf = async ({ caller }: FastifyRequest): Promise<Identity> => {
    if (caller.kind === 'anon') throw new HooklineError('unauthorized', undefined, { hint: CREDENTIALS_HINT });
    if (caller.kind === 'service') return { kind: caller.kind, user_id: null, access: 'write', endsAt: caller.endsAt };
    return {
      kind: caller.kind,
      user_id: await actAs(caller, 'read', userIdOf),
      access: caller.access,
      endsAt: caller.endsAt,
    };
  };

  const signIn = async (
    request: FastifyRequest,
    reply: FastifyReply,
    given: Pick<Session, 'credential' | 'givenBy'>,
  ) => {
    await know(request, reply, (refuseSpent) => auth.callerOfCredential(given.credential, refuseSpent));
    const identity = await identityOf(request);
    const session = await sessions.begin(request, reply, { ...given, endsAt: identity.endsAt });
    return sessionBody(identity, session);
  };

  app.post(
    '/v1/session',
    { bodyLimit: LONGEST_BODY_BYTES, schema: CREATE, onRequest: async (request) => checkSameOrigin(request) },
    (request, reply) => signIn(request, reply, { credential: request.body.token }),
  );

  app.get('/v1/session', { schema: READ }, async (request, reply) => {
    const isGiven = automaticCredential !== undefined && isOwnPageHere(request);
    try {
      await know(request, reply, (refuseSpent) => auth.callerOf(request, refuseSpent));
      const { session } = request;
      // One that an earlier run gave is of another user.
      const isStale = session?.givenBy !== undefined && session.givenBy !== givenBy;
      if (!isGiven || (request.caller.kind !== 'anon' && !isStale)) {
        return sessionBody(await identityOf(request), session);
      }
    } catch (error) {
      if (!isGiven || !(error instanceof HooklineError) || error.status !== 401) throw error;
    }
    const credential = await automaticCredential();
    if (credential === undefined) throw new HooklineError('unauthorized', undefined, { hint: CREDENTIALS_HINT });
    return signIn(request, reply, { credential, givenBy });
  });

  app.delete('/v1/session', { schema: END }, async (request, reply) => {
    await sessions.of(request).catch(forgiveEnded);
    return reply.code(204).header('set-cookie', NO_SESSION_COOKIE).send();
  });
}

interface Identity {
  readonly kind: 'user' | 'service';
  readonly user_id: string | null;
  readonly access: string;
  readonly endsAt: number | undefined;
}

/** `session` is undefined for a bearer. */
function sessionBody({ endsAt: ownEnd, ...identity }: Identity, session: Session | undefined): object {
  const endsAt = session?.endsAt ?? ownEnd;
  return {
    ...identity,
    // In microseconds, as PostgreSQL writes every other time.
    expires_at: endsAt === undefined ? null : new Date(endsAt * 1000).toISOString().replace('Z', '000Z'),
    csrf_token: session?.csrfToken ?? null,
    version: VERSION,
  };
}

async function userIdOf(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ id: string | null }>('SELECT auth.uid()::text AS id', []);
  const id = rows[0]?.id;
  if (typeof id !== 'string') throw new HooklineError('unauthorized');
  return id;
}

/** Whether a page of this very server, in a browser of this machine, asks without credentials of its own. */
function isOwnPageHere({ headers, socket }: FastifyRequest): boolean {
  if (headers.authorization !== undefined || headers['sec-fetch-site'] !== 'same-origin') return false;
  return isLoopbackAddress(socket.remoteAddress ?? '');
}

function forgiveEnded(error: unknown): undefined {
  if (error instanceof HooklineError && error.code === 'session_expired') return undefined;
  throw error;
}
