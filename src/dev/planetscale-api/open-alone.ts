import type { RowDataPacket } from 'mysql2/promise';
import { toMysqlError } from '../../db/mysql/errors.js';
import { HooklineError } from '../../errors.js';
import type { Databases } from './databases.js';
import { openState, type State } from './state.js';

const WAIT_FOR_LOCK_S = 2;

/** The state, which no other stand-in has. Throws `invalid_config` while one has, and what the database says. */
export async function openAlone(databases: Databases): Promise<{ unlock: () => Promise<void>; state: State }> {
  let unlock = async (): Promise<void> => undefined;
  try {
    // A database that is not there is told before anything is made beside it.
    await (await databases.openSession(databases.production)).close();
    unlock = await lock(databases);
    return { unlock, state: await openState(databases) };
  } catch (error) {
    await unlock();
    await databases.end();
    throw toMysqlError(error);
  }
}

/** One stand-in a database; the lock goes with its connection. Throws `invalid_config` while another has it. */
async function lock({ pool, production }: Databases): Promise<() => Promise<void>> {
  const connection = await pool.getConnection();
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(SHA2(?, 256), ?) AS taken', [
    `planetscale-api ${production}`,
    WAIT_FOR_LOCK_S,
  ]);
  if (row?.['taken'] === 1) return async () => connection.destroy();
  connection.destroy();
  throw new HooklineError('invalid_config', 'Another stand-in of the API runs on this database.', {
    hint: 'Stop it, or give this one another database.',
  });
}
