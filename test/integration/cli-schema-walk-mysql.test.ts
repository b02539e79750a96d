import { mysqlStore } from '@hookline/receiver';
import { describe, it } from 'vitest';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { dropDatabasesOf } from './cli-schema-databases.js';
import { walk } from './cli-schema-walk.js';

describe('the walk of the specification on MariaDB', { timeout: 180_000 }, () => {
  it('goes from branch to revert, and no webhook fails meanwhile', async () => {
    const database = await newMariadbDatabase();
    try {
      await walk({
        env: { HOOKLINE_SCHEMA_URL: database.url },
        pool: database.pool,
        store: mysqlStore(database.pool),
      });
    } finally {
      await dropDatabasesOf(database);
    }
  });
});
