import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { migrate, missingRoles } from '../../src/db/migrate.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';

describe('an owner who may not create or grant roles', () => {
  const name = `hookline_test_owner_${randomBytes(4).toString('hex')}`;
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let admin: Database;
  let owner: Database;
  beforeAll(async () => {
    // A migrated database made the roles on this server already.
    await (await newPostgresDatabase()).drop();
    database = await newPostgresDatabase({ migrated: false });
    admin = openPostgres({ connectionString: database.url });
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'owner'`);
    const url = new URL(database.url);
    await admin.query(`ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${name}; ALTER SCHEMA public OWNER TO ${name}`);
    url.username = name;
    url.password = 'owner';
    owner = openPostgres({ connectionString: url.href });
  });
  afterAll(async () => {
    await owner.close();
    await admin.query(`REASSIGN OWNED BY ${name} TO CURRENT_USER; DROP OWNED BY ${name}; DROP ROLE ${name}`);
    await admin.close();
    await database.drop();
  });

  it('migrates, and is told what a superuser has to run, until it was run', async () => {
    await migrate(owner);
    const statements = await missingRoles(owner);
    expect(statements).toEqual(['anon', 'authenticated', 'service_role'].map((role) => `GRANT ${role} TO ${name};`));
    await admin.query(statements.join(' '));
    expect(await missingRoles(owner)).toEqual([]);
  });
});
