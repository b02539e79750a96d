import { createHmac, randomBytes } from 'node:crypto';
import { createWebhookHandler, type MapRecord } from '@hookline/receiver';
import type { BranchConnection } from '../provider.js';
import { shortened } from './compare.js';
import { failureOf } from './failure.js';
import { isTimeout, recordingStore } from './recording-store.js';
import type { Failed, Replayed } from './replayed.js';
import type { SourceWebhook } from './source.js';

/** Sends a webhook through the handler, to be stored under `key`. Throws what the store throws when its database cannot be reached. */
export type Replayer = (webhook: SourceWebhook, key: string) => Promise<Replayed>;

/** A webhook that production took is taken again, whatever its size. */
const MOST_BYTES = 64 * 1_048_576;
/** How long the handler waits for an insert in production, by default; here it waits longer, so that it is known what became of the row. */
const PRODUCTION_WAITS_MS = 4_000;
const WAITS_MS = 9_000;
const TOO_SLOW: Failed = { kind: 'failed', code: 'timeout', message: 'It took longer than the handler waits, 4 s.' };

/**
 * The receiver as it is in production, on a branch: the handler with the mapping, a request signed with a secret made for it, and the branch's store. No
 * callback has an allowed origin, there is no emitter and no `onStored`: nothing leaves but the insert.
 */
export function createReplayer(
  connection: BranchConnection,
  mapRecord: MapRecord | undefined,
  takes: (column: string) => boolean,
): Replayer {
  const secret = randomBytes(32).toString('hex');

  return async (webhook, key) => {
    const recording = recordingStore(connection.store, key, takes);
    let mappingError: unknown;
    let reason: string | undefined;
    // One for each webhook: a mapping that takes too long goes on while others are replayed.
    const handle = createWebhookHandler({
      store: recording.store,
      secret,
      apiKey: 'not-used',
      callbackOrigins: [],
      maxBodyBytes: MOST_BYTES,
      storeTimeoutMs: WAITS_MS,
      fetch: () => Promise.reject(new Error('A replay calls nobody.')),
      ...(mapRecord !== undefined && {
        mapRecord: async (record, event) => {
          try {
            return await mapRecord(record, event);
          } catch (error) {
            mappingError = error;
            throw error;
          }
        },
      }),
      log: (_level, _event, fields) => {
        if (typeof fields['reason'] === 'string') reason = fields['reason'];
      },
    });

    const response = await handle(
      new Request('https://replay.invalid/', {
        method: 'POST',
        headers: { 'mr-signature': createHmac('sha256', secret).update(webhook.body).digest('hex') },
        body: webhook.body,
      }),
    );
    const insert = recording.end();
    if (insert !== null && 'stored' in insert && response.ok) {
      const { stored: content, ms } = insert;
      return ms > PRODUCTION_WAITS_MS ? TOO_SLOW : { kind: 'stored', key, content, ms };
    }
    if (insert !== null && 'lost' in insert) throw insert.lost;
    if (insert !== null && 'refused' in insert) {
      return isTimeout(insert.error) ? TOO_SLOW : failureOf(connection.sql, insert.refused, insert.error);
    }
    if (insert === null && response.ok && reason === undefined) return { kind: 'acknowledged' };
    return notInserted(response, reason, mappingError);
  };
}

async function notInserted(response: Response, reason: string | undefined, thrown: unknown): Promise<Failed> {
  if (response.status === 503) return TOO_SLOW;
  if (response.ok) return { kind: 'failed', code: 'unstorable', message: reason ?? 'The handler did not store it.' };
  const answer = (await response.json().catch(() => ({}))) as { code?: unknown };
  const code = typeof answer.code === 'string' ? answer.code : `http_${response.status}`;
  const words = thrown instanceof Error ? ` ${shortened(`${thrown.name}: ${thrown.message}`)}` : '';
  return { kind: 'failed', code, message: `${reason ?? `The handler answered ${response.status}.`}${words}` };
}
