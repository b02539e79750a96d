import { describe, expect, it } from 'vitest';
import { createPlanetscaleProvider } from '../../src/schema/providers/planetscale/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { startTestPlanetscaleApi } from '../harness/planetscale-api.js';
import { environmentOf, schema } from './cli-schema-helpers.js';

const WAITING = { timeoutMs: 60_000 };

describe("hookline schema deploy-request deploy --wait against a stand-in of PlanetScale's API", {
  timeout: 120_000,
}, () => {
  it('says at Ctrl-C that the deployment goes on, and so it does', async () => {
    const api = await startTestPlanetscaleApi({ migrated: true, delays: { stepMs: 1_000 } });
    const provider = createPlanetscaleProvider({ ...api.settings, pollMs: 100 });
    try {
      await provider.createBranch({ name: 'wider', from: 'main' }, WAITING);
      const statements = splitStatements('ALTER TABLE ai_content ADD COLUMN wider int;');
      await provider.apply('wider', statements, () => undefined);
      const asked = { branch: 'wider', intoBranch: 'main', notes: '', autoDeleteBranch: false };
      const { number } = await provider.deployRequests.create(asked, WAITING);

      const env = environmentOf(api.settings);
      const child = startHooklineProcess(['schema', 'dr', 'deploy', String(number), '--wait'], env);
      await child.waitForOutput('deploy request #1: ');
      expect(await child.end('SIGINT')).toBe(130);
      expect(child.output()).toContain('what was ordered goes on at PlanetScale.\nDeploy request #1: ');

      // Where it has not come to its end yet, it is followed there.
      await provider.deployRequests.deploy(number, { instant: false }, WAITING).catch(() => undefined);
      expect(await schema('deploy-request list', env)).toMatchObject({
        code: 0,
        output: expect.stringMatching(/^# +BRANCH +INTO .*\n1 +wider +main +\w+ +complete_pending_revert /),
      });
    } finally {
      await provider.close();
      await api.close();
    }
  });
});
