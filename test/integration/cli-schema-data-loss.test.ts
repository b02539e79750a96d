import { describe, expect, it } from 'vitest';
import { checkDataLoss } from '../../src/cli/schema/data-loss.js';
import type { Provider } from '../../src/schema/provider.js';
import { createMysqlProvider } from '../../src/schema/providers/mysql/provider.js';
import { createPlanetscaleProvider } from '../../src/schema/providers/planetscale/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';
import { dropDerived } from './schema-mysql-helpers.js';

const WAITING = { timeoutMs: 20_000 };

describe('what a deployment takes away', () => {
  it.each<[name: string, open: (api: TestPlanetscaleApi) => Provider]>([
    ['mysql', ({ database }) => createMysqlProvider({ url: database.url })],
    ['planetscale', ({ settings }) => createPlanetscaleProvider({ ...settings, pollMs: 10 })],
  ])('is told of what the branch drops and narrows, not of what production has gained: %s', async (_name, open) => {
    const api = await startTestPlanetscaleApi();
    const provider = open(api);
    const { pool } = api.database;
    try {
      await pool.query(
        'CREATE TABLE notes (id BIGINT PRIMARY KEY, body VARCHAR(200), draft VARCHAR(9)) CHARACTER SET utf8mb4',
      );
      const lossOf = async (branch: string, sql: string): Promise<string | undefined> => {
        await provider.createBranch({ name: branch, from: 'main' }, WAITING);
        await provider.apply(branch, splitStatements(sql), () => undefined);
        await pool.query(`ALTER TABLE notes ADD COLUMN since_${branch} VARCHAR(50)`);
        const asked = { branch, intoBranch: 'main', notes: '', autoDeleteBranch: false };
        const request = await provider.deployRequests.create(asked, WAITING);
        return checkDataLoss(provider, request).then(
          () => undefined,
          (error: Error) => error.message,
        );
      };
      expect(await lossOf('adds', 'ALTER TABLE notes ADD COLUMN score FLOAT')).toBeUndefined();
      expect(await lossOf('drops', 'ALTER TABLE notes DROP COLUMN draft')).toContain('column draft');
      expect(await lossOf('narrows', 'ALTER TABLE notes MODIFY body VARCHAR(20)')).toContain('body');
    } finally {
      await provider.close();
      await api.closeApi();
      await dropDerived(api.database);
      await api.database.drop();
    }
  });
});
