import {
  type Emitter,
  gather,
  mysqlRun,
  mysqlStore,
  planetscaleRun,
  planetscaleStore,
  postgresStore,
  type Run,
  type Store,
} from '@hookline/receiver';
import { createPool } from 'mysql2/promise';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { connectionOptions } from '../db/mysql/connection.js';
import { openPostgres } from '../db/pg.js';
import { asService } from '../db/roles.js';
import { databaseEmitter } from './emit.js';
import { ownStore, STORE_TIMEOUT_MS } from './own-store.js';

/** Where the rows are when they are not in Hookline's own database, for those who would read them. */
export type StoredElsewhere =
  | { readonly kind: 'mysql'; readonly run: Run }
  | { readonly kind: 'postgres'; readonly db: Database };

/** Where the receiver stores, and what triggers the events of what it has stored. */
export interface ReceiverStore {
  readonly store: Store;
  /** Absent where the store triggers them in the insert's own transaction. */
  readonly emitter: Emitter | undefined;
  /** Triggers those that had to wait. */
  readonly lateEmitter: Emitter;
  /** Absent where the rows are in Hookline's own database. */
  readonly elsewhere: StoredElsewhere | undefined;
  close(): Promise<void>;
}

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
type PlanetscaleTarget = NonNullable<Config['planetscale']> | { readonly url: string };

const shared = { gather, timeoutMs: STORE_TIMEOUT_MS };

/** Hookline's own database, unless the settings name another store. Makes no connection yet. */
export function openReceiverStore(
  db: Database,
  log: Logger,
  { receiverUrl, planetscale }: Pick<Config, 'receiverUrl' | 'planetscale'>,
): ReceiverStore {
  const lateEmitter = databaseEmitter(db);
  if (planetscale !== undefined) return onPlanetscale(planetscale);
  if (receiverUrl === undefined) {
    return {
      store: ownStore(db, log),
      emitter: undefined,
      lateEmitter,
      elsewhere: undefined,
      close: async () => undefined,
    };
  }
  if (receiverUrl.startsWith('http')) return onPlanetscale({ url: receiverUrl });
  if (receiverUrl.startsWith('mysql:')) {
    const pool = createPool({
      ...connectionOptions({ url: receiverUrl }),
      charset: 'utf8mb4',
      timezone: 'Z',
      connectionLimit: POOL_SIZE,
      connectTimeout: CONNECT_TIMEOUT_MS,
      enableKeepAlive: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
    });
    return apart(mysqlStore(pool, shared), { kind: 'mysql', run: mysqlRun(pool, shared) }, () => pool.end());
  }
  const other = openPostgres({ connectionString: receiverUrl, poolSize: POOL_SIZE });
  const store = postgresStore({
    timeoutMs: STORE_TIMEOUT_MS,
    transaction: (work) => asService(other, (tx) => work((text, params) => tx.query(text, params))),
  });
  return apart(store, { kind: 'postgres', db: other }, () => other.close());

  function onPlanetscale(target: PlanetscaleTarget): ReceiverStore {
    const options = { ...target, ...shared };
    return apart(planetscaleStore(options), { kind: 'mysql', run: planetscaleRun(options) });
  }

  function apart(
    store: Store,
    elsewhere: StoredElsewhere,
    close: () => Promise<void> = async () => undefined,
  ): ReceiverStore {
    return { store, emitter: lateEmitter, lateEmitter, elsewhere, close };
  }
}
