import type { Store } from '@hookline/receiver';
import type { Pool } from 'mysql2/promise';
import { expect } from 'vitest';
import { loadMapping } from '../../src/schema/replay/mapping.js';
import { type Env, failure, json, schemaProcess, startStream } from './cli-schema-helpers.js';
import { definition, rows } from './mysql-helpers.js';

const FILE = 'examples/schema-branches/ai-content-v2.sql';
const HANDLER = 'examples/schema-branches/mapping.mjs';

interface Place {
  readonly env: Env;
  /** Production, to look at. */
  readonly pool: Pool;
  /** Production, as the receiver has it. */
  readonly store: Store;
}

/** The walk of the specification, by commands alone, while webhooks come in. */
export async function walk({ env, pool, store }: Place): Promise<void> {
  const stream = startStream(store);
  try {
    await stream.more(40);
    const before = await definition(pool);

    expect(await json('branch create ai-content-v2', env)).toMatchObject({
      name: 'ai-content-v2',
      parent_branch: 'main',
      production: false,
      ready: true,
    });
    const applied = await schemaProcess(`apply ${FILE} --branch ai-content-v2`, env);
    expect(applied).toMatchObject({ code: 0, output: expect.stringMatching(/ADD COLUMN `?quality_score`? float/i) });
    expect(await definition(pool)).toBe(before);

    const request = await json('deploy-request create ai-content-v2 --require-replay --notes scores', env);
    expect(request).toMatchObject({ number: 1, state: 'open', deployment_state: 'ready', deployable: true });
    expect(await failure('deploy-request deploy 1 --wait', env)).toMatchObject({ code: 'replay_required' });
    expect(await definition(pool)).toBe(before);

    const report = await json(`replay --branch ai-content-v2 --last 30 --handler ${HANDLER} --slower-than 1000`, env);
    expect(report).toMatchObject({
      webhooks: 30,
      passed: 30,
      worse: false,
      deploy_request: 1,
      new_columns: [
        { column: 'embedding_id', filled: 30, empty: 0 },
        { column: 'quality_score', filled: 30, empty: 0 },
      ],
    });

    expect(await json('deploy-request approve 1 --comment fine', env)).toMatchObject({
      state: 'approved',
      body: 'fine',
    });
    const deployed = await schemaProcess('deploy-request deploy 1 --wait', env);
    expect(deployed).toMatchObject({ code: 0, output: expect.stringContaining('complete_pending_revert') });
    expect(await definition(pool)).toContain('`quality_score` float');

    stream.use(await loadMapping(HANDLER));
    await stream.more(10);
    stream.use(undefined);
    await stream.more(2);
    const [filled] = await rows<{ count: number | string }>(
      pool,
      "SELECT COUNT(*) AS count FROM ai_content WHERE embedding_id LIKE 'emb\\_%' AND quality_score = 0.5",
    );
    expect(Number(filled?.count)).toBeGreaterThanOrEqual(8);

    expect(await json('deploy-request revert 1 --wait', env)).toMatchObject({ deployment_state: 'complete_revert' });
    expect(await definition(pool)).toBe(before);
    await stream.more(5);
  } finally {
    expect(await stream.stop()).toEqual([]);
  }
  const [stored] = await rows<{ count: number | string }>(pool, 'SELECT COUNT(*) AS count FROM ai_content');
  expect(Number(stored?.count)).toBe(stream.sent());
  const [other] = await rows<{ count: number | string }>(
    pool,
    "SELECT COUNT(*) AS count FROM ai_content WHERE event_name <> 'article.generated' OR callback_state <> 'done'",
  );
  expect(Number(other?.count)).toBe(0);
}
