import { randomUUID } from 'node:crypto';
import type { Store } from '@hookline/receiver';
import type { Logger } from 'pino';
import { HooklineError } from '../errors.js';

/** Table or column missing: SQLSTATE of PostgreSQL, name of mysql2, errno of PlanetScale. */
const NOT_MIGRATED = new Set(['42P01', '42703', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'errno_1146', 'errno_1054']);

/**
 * Looks whether the receiver's store can serve. One that cannot be reached is warned of only: deliveries go on, and the gateway sends its webhooks again.
 * Throws `not_migrated` when the table `ai_content`, or one of its columns, is not there.
 */
export async function checkReceiverStore(store: Store, log: Logger): Promise<void> {
  try {
    for (const kind of ['callback', 'event'] as const) {
      // No row has this id: the statement says whether table and columns are there.
      await store.claim(kind, { id: '0', limit: 1, lease: { token: randomUUID(), ms: 1 } });
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code !== undefined && NOT_MIGRATED.has(code)) {
      const target = store.name === 'postgres' ? '' : ' --target mysql';
      throw new HooklineError(
        'not_migrated',
        'The store of the receiver lacks the table ai_content, or columns of it.',
        {
          hint: `Run \`hookline migrate${target}\` for the database that HOOKLINE_RECEIVER_URL or PLANETSCALE_HOST names.`,
        },
      );
    }
    log.warn(
      { store: store.name, error_code: code },
      'receiver.store_unreachable: AI webhooks are answered 503 until it is back.',
    );
  }
}
