import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import {
  startVerificationLoop,
  type VerificationLoop,
  type VerificationOptions,
} from '../../src/maintain/verification/verification.js';
import { asUserId, type DatabaseContext } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { type Answer, type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

export interface VerificationRow {
  readonly is_verified: boolean;
  readonly verified_at: Date | null;
  readonly verification_token: string;
  readonly verification_requested_at: Date | null;
  readonly verification_error_code: string | null;
  readonly verification_error: string | null;
}

export const tokenOf = ({ body }: ReceivedRequest): string => JSON.parse(body.toString('utf8')).token;
/** An endpoint that wants these calls; to deliveries it answers 200. */
export const willing = (request: ReceivedRequest): Exclude<Answer, string> => ({ body: tokenOf(request) });

/** A loop that may reach loopback; `stop` ends it and its connections. */
export function startTestVerification(
  db: Database,
  options: Pick<VerificationOptions, 'keyring'> = {},
): VerificationLoop {
  const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
  const loop = startVerificationLoop({ db, log: silent, dispatcher, intervalMs: 50, ...options });
  return {
    async stop(boundMs) {
      await loop.stop(boundMs);
      await dispatcher.destroy();
    },
  };
}

export async function webhookRow(db: Database, id: string): Promise<VerificationRow> {
  const { rows } = await db.query<VerificationRow>('SELECT * FROM webhooks WHERE id = $1::uuid', [id]);
  const [row] = rows;
  if (row === undefined) throw new Error(`no webhook ${id}`);
  return row;
}

/** Waits until no verification is wanted or under way, and gives the row. */
export function verificationEnded(db: Database, id: string): Promise<VerificationRow> {
  return waitUntil(
    async () => {
      const row = await webhookRow(db, id);
      return row.verification_requested_at === null ? row : undefined;
    },
    { message: 'the verification to end' },
  );
}

/** Asks for a verification, as the owner or as `user`. */
export async function requestVerification(
  db: Database,
  webhook: { readonly id: string; readonly userId: string },
  user = webhook.userId,
): Promise<void> {
  await asUserId(db, user, (tx) => tx.query('SELECT * FROM request_webhook_verification($1::uuid)', [webhook.id]));
}

/** The operator's setting, for the whole database of the suite. */
export async function setVerification(db: Database, setting: 'on_request' | 'on_create' | 'required'): Promise<void> {
  await db.query('UPDATE hookline.settings SET verification = $1', [setting]);
}

/** A receiver for a suite, and a running loop; no webhook and no setting is left after a test. */
export function useVerification(ctx: DatabaseContext): { receiver(): ReceiverServer } {
  let receiver: ReceiverServer;
  let loop: VerificationLoop;
  beforeAll(async () => {
    receiver = await startReceiver(willing);
    loop = startTestVerification(ctx.db());
  });
  afterEach(async () => {
    receiver.answerWith(willing);
    await ctx.db().query('DELETE FROM webhooks');
    await setVerification(ctx.db(), 'on_request');
  });
  afterAll(async () => {
    await loop.stop(2_000);
    await receiver.close();
  });
  return { receiver: () => receiver };
}
