import mysql from 'mysql2/promise';
import pg from 'pg';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { type Block, placeOf } from './blocks.js';
import { insertStandardRows } from './standard-rows.js';

/** Runs the SQL of a page in its order, on a migrated PostgreSQL of its own as the owner; gives what went wrong. */
export async function sqlErrors(blocks: readonly Block[]): Promise<string[]> {
  const { url, drop } = await newPostgresDatabase();
  const client = new pg.Client({ connectionString: url });
  try {
    const db = openPostgres({ connectionString: url, poolSize: 1 });
    await insertStandardRows(db);
    await db.close();
    await client.connect();
    return await inTurn(
      blocks,
      async (sql) => {
        // With a parameter a statement can only be prepared.
        await client.query(/\$1\b/.test(sql) ? `DEALLOCATE ALL; PREPARE sample AS ${sql}` : sql);
      },
      () => client.query('ROLLBACK'),
    );
  } finally {
    await client.end();
    await drop();
  }
}

/** The same on a MariaDB with the receiver's migrations. */
export async function mysqlErrors(blocks: readonly Block[]): Promise<string[]> {
  const { url, drop } = await newMariadbDatabase();
  const connection = await mysql.createConnection({ uri: url, multipleStatements: true });
  try {
    return await inTurn(
      blocks,
      async (sql) => void (await connection.query(sql)),
      () => connection.query('ROLLBACK'),
    );
  } finally {
    await connection.end();
    await drop();
  }
}

async function inTurn(
  blocks: readonly Block[],
  run: (sql: string) => Promise<void>,
  rollBack: () => Promise<unknown>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const block of blocks) {
    try {
      if (block.before !== '') await run(block.before);
      await run(block.code);
    } catch (error) {
      wrong.push(`${placeOf(block)} ${error instanceof Error ? error.message : String(error)}`);
      await rollBack();
    }
  }
  return wrong;
}
