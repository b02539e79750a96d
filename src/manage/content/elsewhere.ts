import { StatementError } from '@hookline/receiver';
import { asService } from '../../db/roles.js';
import { HooklineError } from '../../errors.js';
import type { StoredElsewhere } from '../../receive/receiver-store.js';
import { type ContentFilter, type ContentPage, type ContentPageRequest, listContent, readContent } from './content.js';
import { listMysqlContent, readMysqlContent } from './mysql.js';

/** The received webhooks of a database that is not Hookline's own, all of them. Both throw `database_unavailable` when it gives no answer. */
export interface ContentElsewhere {
  list(filter: ContentFilter, page: ContentPageRequest): Promise<ContentPage>;
  /** Throws `content_not_found`. */
  read(id: string): Promise<string>;
}

/** Reads through the driver that the receiver stores with. */
export function readElsewhere(stored: StoredElsewhere): ContentElsewhere {
  if (stored.kind === 'postgres') {
    const { db } = stored;
    return {
      list: (filter, page) => asService(db, (tx) => listContent(tx, filter, page, true), 'read'),
      read: (id) => asService(db, (tx) => readContent(tx, id, true), 'read'),
    };
  }
  const { run } = stored;
  return {
    list: (filter, page) => told(listMysqlContent(run, filter, page)),
    read: (id) => told(readMysqlContent(run, id)),
  };
}

/** What the server refuses by a number is a fault; all else is trouble on the way to it. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HooklineError) throw error;
    const isRefused = error instanceof StatementError && error.errno !== undefined;
    if (isRefused) throw new HooklineError('internal_error', undefined, { cause: error });
    throw new HooklineError('database_unavailable', 'The database of the AI webhooks gave no answer.', {
      hint: 'Try again in a few seconds. Is it running, and are HOOKLINE_RECEIVER_URL or PLANETSCALE_HOST right?',
      cause: error,
    });
  }
}
