import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPlanetscaleProvider } from '../../src/schema/providers/planetscale/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';

const setting = (name: string): string => process.env[`PLANETSCALE_TEST_${name}`] ?? '';

// Collected only where PLANETSCALE_TEST_SERVICE_TOKEN_ID, …_SERVICE_TOKEN, …_ORG and …_DATABASE are set (vitest.config.ts). It deploys nothing: main stays as it is.
it('makes a branch at PlanetScale itself, changes it, opens a deploy request, and takes both away', async () => {
  const provider = createPlanetscaleProvider({
    api: 'https://api.planetscale.com',
    organization: setting('ORG'),
    database: setting('DATABASE'),
    tokenId: setting('SERVICE_TOKEN_ID'),
    token: setting('SERVICE_TOKEN'),
  });
  const name = `live-${randomBytes(4).toString('hex')}`;
  const table = `live_${randomBytes(4).toString('hex')}`;
  const waiting = { timeoutMs: 300_000 };
  let number: number | undefined;
  try {
    expect(await provider.createBranch({ name, from: provider.production }, waiting)).toMatchObject({
      name,
      ready: true,
    });
    const file = splitStatements(`CREATE TABLE ${table} (id BIGINT PRIMARY KEY, note VARCHAR(9) NOT NULL DEFAULT 'x')`);
    await provider.apply(name, file, () => undefined);
    expect((await provider.schemaOf(name)).get(table)?.columns.map((column) => column.name)).toEqual(['id', 'note']);
    expect(await provider.lintOf(name)).toEqual(expect.any(Array));

    const { sql, close } = await provider.connect(name, 'readwriter');
    try {
      expect(await sql.run(`INSERT INTO ${table} (id) VALUES (?)`, [1])).toBe(1);
      expect(await sql.rows(`SELECT id, note FROM ${table}`)).toEqual([{ id: 1, note: 'x' }]);
    } finally {
      await close();
    }

    const request = { branch: name, intoBranch: provider.production, notes: 'a live test', autoDeleteBranch: false };
    const made = await provider.deployRequests.create(request, waiting);
    number = made.number;
    expect(made).toMatchObject({ branch: name, state: 'open', deploymentState: 'ready', deployable: true });
    expect(await provider.deployRequests.operations(number)).toMatchObject([{ table, operation: 'CREATE' }]);
  } finally {
    if (number !== undefined) await provider.deployRequests.close(number);
    await provider.deleteBranch(name).catch((error: unknown) => {
      if (!String(error).includes('There is no branch')) throw error;
    });
    await provider.close();
  }
}, 600_000);
