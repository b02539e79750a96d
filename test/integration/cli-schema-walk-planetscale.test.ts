import { planetscaleStore } from '@hookline/receiver';
import { describe, it } from 'vitest';
import { startTestPlanetscaleApi } from '../harness/planetscale-api.js';
import { environmentOf } from './cli-schema-helpers.js';
import { walk } from './cli-schema-walk.js';

/** What docs/schema-branches.md says that the service token needs. */
const DOCUMENTED = [
  'read_branch',
  'create_branch',
  'delete_branch',
  'connect_branch',
  'delete_branch_password',
  'read_deploy_request',
  'create_deploy_request',
  'approve_deploy_request',
  'connect_production_branch',
  'delete_production_branch_password',
] as const;

describe("the walk of the specification against a stand-in of PlanetScale's API", { timeout: 180_000 }, () => {
  it('goes from branch to revert, and no webhook fails meanwhile', async () => {
    const api = await startTestPlanetscaleApi({ migrated: true, accesses: DOCUMENTED });
    try {
      const { settings, database } = api;
      const production = await api.gateway('main');
      await walk({
        env: environmentOf(settings),
        pool: database.pool,
        store: planetscaleStore({ url: production.url }),
      });
    } finally {
      await api.close();
    }
  });
});
