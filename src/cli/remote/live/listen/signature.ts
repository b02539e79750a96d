import { HooklineApiError, type HooklineClient, ok } from '@hookline/client';
import { LRUCache } from 'lru-cache';
import { signStandard } from '../../../../deliver/prepare/sign.js';
import type { Original } from './original.js';

/** Receivers take timestamps of up to 300 s, and the local one may be slow to look. */
const OLDEST_S = 240;
const SECRETS_KEPT = 1_000;
const SECRETS_KEPT_MS = 60_000;

export interface Freshened extends Original {
  /** False: its signature is the recorded one. */
  readonly isSignedAnew: boolean;
  /** How old the signature is, in seconds, where it is too old for receivers and could not be made anew. */
  readonly staleS?: number;
}

/** Makes the signature anew where it is too old to be verified. Throws what the client throws. */
export type Freshen = (original: Original, webhookId: string, signal: AbortSignal) => Promise<Freshened>;

/**
 * What went out more than four minutes ago (the stream was broken for so long, or a clock is wrong) is signed with the current secret of its webhook and this machine's time, when the token may
 * read the secret. Only `v1` can be made so; `X-Webhook-Signature` has no time in it, and stays.
 */
export function freshener(client: HooklineClient): Freshen {
  const secrets = new LRUCache<string, { readonly secret: string | undefined }>({
    max: SECRETS_KEPT,
    ttl: SECRETS_KEPT_MS,
  });
  return async (original, webhookId, signal) => {
    const now = Math.floor(Date.now() / 1_000);
    const ageS = Math.abs(now - Number(original.headers['webhook-timestamp']));
    if (ageS <= OLDEST_S) return { ...original, isSignedAnew: false };
    const known = secrets.get(webhookId) ?? { secret: await secretOf(client, webhookId, signal) };
    secrets.set(webhookId, known);
    if (known.secret === undefined)
      return { ...original, isSignedAnew: false, ...(Number.isFinite(ageS) && { staleS: ageS }) };
    const { headers, body } = original;
    const signature = signStandard([known.secret], headers['webhook-id'] ?? '', now, body);
    return {
      body,
      headers: { ...headers, 'webhook-timestamp': String(now), 'webhook-signature': signature },
      isSignedAnew: true,
    };
  };
}

/** Undefined where the token may only read, and for a webhook that is gone. */
async function secretOf(client: HooklineClient, webhookId: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const params = { path: { webhook_id: webhookId } };
    return (await client.GET('/v1/webhooks/{webhook_id}/secret', { params, signal }).then(ok)).secret;
  } catch (error) {
    if (error instanceof HooklineApiError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}
