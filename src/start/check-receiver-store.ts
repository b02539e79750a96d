import { randomUUID } from 'node:crypto';
import type { Store } from '@hookline/receiver';
import type { Logger } from 'pino';
import { codeOf, HooklineError } from '../errors.js';

/** Table or column missing: SQLSTATE of PostgreSQL, name of mysql2, errno of PlanetScale. */
const NOT_MIGRATED = new Set(['42P01', '42703', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'errno_1146', 'errno_1054']);

/** How a store is: it serves, lacks its table or columns of it, or gives no answer, with what was thrown. */
export type StoreState =
  | { readonly state: 'serves' }
  | { readonly state: 'not_migrated' }
  | { readonly state: 'unreachable'; readonly error: unknown; readonly code: string | undefined };

/** Asks the store, and changes nothing in it. Never throws. */
export async function stateOfStore(store: Store): Promise<StoreState> {
  try {
    for (const kind of ['callback', 'event'] as const) {
      // No row has this id: the statement says whether table and columns are there.
      await store.claim(kind, { id: '0', limit: 1, lease: { token: randomUUID(), ms: 1 } });
    }
    return { state: 'serves' };
  } catch (error) {
    const code = codeOf(error);
    if (code !== undefined && NOT_MIGRATED.has(code)) return { state: 'not_migrated' };
    return { state: 'unreachable', error, code };
  }
}

/** What makes the table that a store lacks. */
export function migrateStoreHint(store: Pick<Store, 'name'>): string {
  const target = store.name === 'postgres' ? '' : ' --target mysql';
  return `Run \`hookline migrate${target}\` for the database that HOOKLINE_RECEIVER_URL or PLANETSCALE_HOST names.`;
}

/**
 * Looks whether the receiver's store can serve. One that cannot be reached is warned of only: deliveries go on, and the gateway sends its webhooks again.
 * Throws `not_migrated` when the table `ai_content`, or one of its columns, is not there.
 */
export async function checkReceiverStore(store: Store, log: Logger): Promise<void> {
  const seen = await stateOfStore(store);
  if (seen.state === 'not_migrated') {
    throw new HooklineError('not_migrated', 'The store of the receiver lacks the table ai_content, or columns of it.', {
      hint: migrateStoreHint(store),
    });
  }
  if (seen.state === 'serves') return;
  log.warn(
    { store: store.name, error_code: seen.code },
    'receiver.store_unreachable: AI webhooks are answered 503 until it is back.',
  );
}
