import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.js';
import { rows } from '../integration/mysql-helpers.js';
import { clean, holdTable, useSchemaDatabase, WAITING } from '../integration/schema-mysql-helpers.js';

const SCRIPT = fileURLToPath(new URL('./schema-deploy-process.ts', import.meta.url));

describe('a deployment whose process is killed between the first and the second of three tables', () => {
  const ctx = useSchemaDatabase();
  beforeEach(() => clean(ctx()));

  it.each(['goes on', 'goes back'])('is told of by the next command, and %s', { timeout: 150_000 }, async (then) => {
    const { provider, pool, database } = ctx();
    const { deployRequests } = provider;
    await ctx().production(
      ...['a', 'b', 'c'].map((table) => `CREATE TABLE ${table} (id INT PRIMARY KEY, kept INT)`),
      'INSERT INTO a VALUES (1, 2)',
    );
    const before = await provider.schemaOf('main');
    await ctx().branch('one', 'ALTER TABLE a ADD x INT; ALTER TABLE b ADD x INT; ALTER TABLE c ADD x INT;');
    const number = await ctx().request('one');
    const held = await holdTable(ctx().url, 'b');
    try {
      await killWhenItSays('waits for b', [ctx().url, String(number)]);
    } finally {
      await held.release();
    }
    // The server may be at the killed process's last statement for the second that it waits for the table.
    await waitUntil(async () => (await deployRequests.get(number)).problems.length > 0, {
      message: 'the interruption',
      timeoutMs: 30_000,
    });
    // As that statement was let go on or not: the tables tell, and the report agrees with them.
    const changed = await rows<{ name: string }>(
      pool,
      "SELECT TABLE_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND COLUMN_NAME = 'x' ORDER BY 1",
      [database],
    );
    expect(changed.map(({ name }) => name)).toContain('a');
    expect(await deployRequests.get(number)).toMatchObject({
      state: 'open',
      deploymentState: 'in_progress',
      problems: [
        {
          code: 'DEPLOYMENT_INTERRUPTED',
          message: expect.stringContaining(
            `${changed.length} of 3 operations were applied (${changed.map(({ name }) => name).join(', ')})`,
          ),
        },
      ],
    });
    expect((await deployRequests.list())[0]?.problems).toHaveLength(1);
    if (then === 'goes on') {
      expect(await deployRequests.deploy(number, { instant: false }, WAITING)).toMatchObject({
        deploymentState: 'complete_pending_revert',
        problems: [],
      });
      expect(await provider.schemaOf('main')).toEqual(await provider.schemaOf('one'));
      expect((await deployRequests.operations(number)).map(({ state }) => state)).toEqual([
        'complete',
        'complete',
        'complete',
      ]);
    } else {
      expect(await deployRequests.cancel(number)).toMatchObject({
        deploymentState: 'complete_cancel',
        state: 'closed',
        problems: [],
      });
      expect(await provider.schemaOf('main')).toEqual(before);
    }
    expect(await rows(pool, 'SELECT kept FROM a')).toEqual([{ kept: 2 }]);
  });
});

/** Runs the deployment as a process of its own, and kills it once it has printed the text. */
async function killWhenItSays(text: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=hookline-source', '--import', 'tsx', SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`it ended:\n${output}`);
      return output.includes(text);
    },
    { message: () => `"${text}" in:\n${output}`, timeoutMs: 60_000 },
  ).finally(() => child.kill('SIGKILL'));
  await exit;
}
