import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Provider } from '../../src/schema/provider.js';
import { createMysqlProvider } from '../../src/schema/providers/mysql/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { dropDatabasesOf } from './cli-schema-databases.js';
import { type Env, failure, json, schema } from './cli-schema-helpers.js';
import { definition } from './mysql-helpers.js';

const WAITING = { timeoutMs: 60_000 };

describe('hookline schema', { timeout: 120_000 }, () => {
  let database: MariadbDatabase;
  let env: Env;
  let folder: string;
  /** For what stands before the command that a test is about: a process takes a second and more. */
  let provider: Provider;
  beforeAll(async () => {
    database = await newMariadbDatabase();
    env = { HOOKLINE_SCHEMA_URL: database.url };
    provider = createMysqlProvider({ url: database.url });
    folder = await mkdtemp(join(inject('runFolder'), 'schema-'));
  });
  afterAll(() => dropDatabasesOf(database));

  async function file(name: string, sql: string): Promise<string> {
    await writeFile(join(folder, name), sql);
    return join(folder, name);
  }

  /** A branch on which some SQL was applied. */
  async function branch(name: string, sql = ''): Promise<void> {
    await provider.createBranch({ name, from: 'main' }, WAITING);
    if (sql !== '') await provider.apply(name, splitStatements(sql), () => undefined);
  }

  async function deployRequest(name: string): Promise<number> {
    const request = { branch: name, intoBranch: 'main', notes: '', autoDeleteBranch: false };
    return (await provider.deployRequests.create(request, WAITING)).number;
  }

  it('lints a file without any database: findings on standard output, the error on standard error', async () => {
    const path = await file('trigger.sql', 'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1;\n');
    const { code, output } = await schema(`lint ${path} --json`, {});
    const lines = output.trim().split('\n');
    const findings: unknown = JSON.parse(lines.find((line) => line.startsWith('[')) ?? '');
    const error: unknown = JSON.parse(lines.find((line) => line.startsWith('{')) ?? '');
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ severity: 'error', line: 1 }]);
    expect(error).toMatchObject({ error: { code: 'schema_lint_failed', findings } });
  });

  it('says in words which setting is missing, and never a password', async () => {
    const unset = await schema('branch list', { DATABASE_URL: 'postgres://u:hidden-password@127.0.0.1:9/app' });
    expect(unset.code).toBe(1);
    expect(unset.output).toMatch(/^Error: .*\nHint: .*HOOKLINE_SCHEMA_URL.*\nCode: {2}invalid_config\n$/);
    const away = await failure('branch list', { HOOKLINE_SCHEMA_URL: 'mysql://u:hidden-password@127.0.0.1:9/app' });
    expect(away.code).toBe('database_unavailable');
    expect(JSON.stringify([unset, away])).not.toContain('hidden-password');
  });

  it('applies nothing of a file that breaks a rule, nothing of one that fails, and nothing in a dry run', async () => {
    await branch('careful');
    const table = 'CREATE TABLE a (id int PRIMARY KEY);';
    const broken = await file(
      'broken.sql',
      `${table}\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1;`,
    );
    expect(await failure(`apply ${broken} --branch careful`, env)).toMatchObject({ code: 'schema_lint_failed' });
    const failing = await file('failing.sql', `${table}\nALTER TABLE a ADD COLUMN id int;`);
    expect(await failure(`apply ${failing} --branch careful`, env)).toMatchObject({
      code: 'schema_apply_failed',
      message: expect.stringMatching(/^Line 2: .*Duplicate column/),
    });
    const fine = await file('fine.sql', table);
    expect(await json(`apply ${fine} --branch careful --dry-run`, env)).toMatchObject({
      dry_run: true,
      statements: [{ line: 1, text: 'CREATE TABLE a (id int PRIMARY KEY)' }],
    });
    expect((await provider.schemaOf('careful')).has('a')).toBe(false);
  });

  it('applies a file whose tables break a rule, and fails all the same', async () => {
    await branch('keyless');
    const path = await file('keyless.sql', 'CREATE TABLE keyless (a int);');
    const { code, output } = await schema(`apply ${path} --branch keyless`, env);
    expect(code).toBe(1);
    expect(output).toContain('The schema of keyless has changed by:\n\nCREATE TABLE `keyless`');
    expect(output).toMatch(/error +NO_UNIQUE_KEY +keyless /);
    expect(output).toMatch(/Error: The file was applied, and keyless now breaks rules/);
    const vschema = await file('vschema.json', '{"tables":{"keyless":{"column_vindexes":[{"column":"b"}]}}}');
    for (const [options, expected] of [
      ['--sharded', 'SHARDED_NO_VINDEX'],
      [`--vschema ${vschema}`, 'SHARDED_VINDEX_COLUMN_MISSING'],
    ] as const) {
      const sharded = await schema(`lint --branch keyless --json ${options}`, env);
      const found = sharded.output.split('\n').find((line) => line.startsWith('[')) ?? '';
      const codes = (JSON.parse(found) as { code: string; table: string }[]).filter(({ table }) => table === 'keyless');
      expect(codes.map(({ code: name }) => name).filter((name) => name.startsWith('SHARDED_'))).toEqual([expected]);
    }
  });

  it('tells a difference by its exit code, and deploys what takes away stored data only when it is told to', async () => {
    const before = await definition(database.pool);
    await branch('smaller', 'ALTER TABLE ai_content DROP COLUMN category;');
    const differs = await schema('diff smaller --exit-code --json', env);
    expect(differs.code).toBe(1);
    expect(JSON.parse(differs.output)).toMatchObject([
      { table: 'ai_content', can_drop_data: true, losses: ['column category'] },
    ]);

    const number = await deployRequest('smaller');
    expect(await failure(`deploy-request deploy ${number}`, env)).toMatchObject({
      code: 'data_loss_not_confirmed',
      message: expect.stringContaining('ai_content: column category'),
      hint: expect.stringContaining('--allow-data-loss'),
    });
    expect(await definition(database.pool)).toBe(before);
    expect(await json(`deploy-request deploy ${number} --allow-data-loss`, env)).toMatchObject({
      deployment_state: 'complete_pending_revert',
    });
    expect(await definition(database.pool)).not.toContain('`category`');
    await provider.deployRequests.revert(number);
  });

  it('ends a replay that finds something worse with 1, and says what', async () => {
    await branch('narrow', 'ALTER TABLE ai_content MODIFY title VARCHAR(5) NOT NULL;');
    const webhooks = await file('webhook.json', JSON.stringify(LONG_TITLE));
    const { code, output } = await schema(`replay narrow --files ${webhooks} --no-baseline`, env);
    expect(code).toBe(1);
    expect(output).toMatch(/\nFailed\nID .*\n.*webhook\.json +c-1 +article\.generated +\w+ +.*too long/);
    expect(output).toMatch(/\nError: Replay failed: 1 webhook on narrow, .*\n(Hint: .*\n)Code: {2}replay_worse\n/);
  });

  it("fills the example's columns from the example's webhooks", async () => {
    const example = 'examples/schema-branches';
    await branch('example', await readFile(`${example}/ai-content-v2.sql`, 'utf8'));
    const replay = `replay example --files ${example}/webhooks.jsonl --handler ${example}/mapping.mjs --no-baseline`;
    expect(await json(replay, env)).toMatchObject({
      webhooks: 3,
      new_columns: [
        { column: 'embedding_id', filled: 2, empty: 1 },
        { column: 'quality_score', filled: 2, empty: 1 },
      ],
      worse: false,
    });
  });

  it('says at Ctrl-C how a deployment stands, and the next one goes on', async () => {
    await branch('waits', 'ALTER TABLE ai_content ADD COLUMN waits int;');
    const number = await deployRequest('waits');
    const holder = await database.pool.getConnection();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT * FROM ai_content');
      const child = startHooklineProcess(['schema', 'dr', 'deploy', String(number)], env);
      await child.waitForOutput('waits for ai_content');
      expect(await child.end('SIGINT')).toBe(130);
      expect(child.output()).toMatch(new RegExp(`\\nStopped\\. Deploy request #${number}: in_progress\\. `));
      expect(child.output()).toContain('0 of 1 operations were applied');
      expect(child.output()).toContain(`\`hookline schema deploy-request deploy ${number}\` goes on with it.`);
      await holder.query('ROLLBACK');
    } finally {
      holder.release();
    }
    // A process, which has to end by itself when it is done.
    const next = startHooklineProcess(['schema', 'dr', 'deploy', String(number), '--json'], env);
    expect(await next.ended()).toBe(0);
    expect(JSON.parse(next.output())).toMatchObject({ deployment_state: 'complete_pending_revert' });
  });
});

const LONG_TITLE = {
  type: 'task.ai_generated',
  event: 'article.generated',
  channel_id: 'c-1',
  ai_response: { data: { title: 'longer than five', description: 'd' } },
  callback_url: 'https://api.modelriver.com/v1/callback/1',
  customer_data: {},
};
