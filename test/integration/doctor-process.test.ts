import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { fillDataDir } from '../harness/pglite-databases.js';
import { addWorkerRow, doctor, KEYS, refuseCredentials } from './doctor-helpers.js';

const SHIFTED_CLOCK = './test/harness/shifted-clock.mjs';

describe('hookline doctor as a process', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  let folder: string;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    owner = openPostgres({ connectionString: database.url, poolSize: 1 });
    folder = mkdtempSync(join(tmpdir(), 'hookline-doctor-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await owner.close();
    await database.drop();
  });
  async function run(args: readonly string[], env: Record<string, string>, imports: readonly string[] = []) {
    const child = startHooklineProcess(['doctor', ...args], env, imports);
    const code = await child.ended();
    refuseCredentials(child.output(), { ...env, ...KEYS });
    return { code, output: child.output() };
  }

  it.each([
    [-90_000, 1, 'clock.far_off', 'behind'],
    [10_000, 0, 'clock.off', 'ahead of'],
  ])('finds that the clock of its machine is wrong by %i ms', async (shift, expectedCode, expected, which) => {
    const env = { ...KEYS, DATABASE_URL: database.url, HOOKLINE_TEST_CLOCK_SHIFT_MS: `${shift}` };
    await addWorkerRow(owner, 'host:1', '-1 h');
    const { code, output } = await run(['--json'], env, [SHIFTED_CLOCK]);
    const { findings }: { findings: { code: string; found: string }[] } = JSON.parse(output);
    const found = findings.find((one) => one.code.startsWith('clock.'));
    expect(found?.code).toBe(expected);
    expect(found?.found).toContain(`${Math.abs(shift) / 1_000} s ${which} the database's`);
    expect(code).toBe(expectedCode);
  });

  it('prints text for people: no colours outside a terminal, what to do and the code below each', async () => {
    await owner.query('DELETE FROM hookline.workers');
    const { code, output } = await run([], { DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(output).toMatch(/^ok {7}session {6}Each connection/m);
    expect(output).toMatch(
      /^FAILURE {2}workers {6}No worker lives: deliveries wait\.\n +→ Start .* \(workers\.none\)$/m,
    );
    expect(output).toMatch(/\n1 failure, \d warnings; \d+ fine, 4 not looked at\.\n$/);
    expect(output).not.toContain('\u001b');
  });

  it('ends with 2 when it is called wrongly', async () => {
    expect((await run(['--nonsense'], {})).code).toBe(2);
  });

  it('says that the embedded database cannot be opened', async () => {
    const dataDir = join(folder, 'broken');
    mkdirSync(join(dataDir, 'pglite'), { recursive: true });
    writeFileSync(join(dataDir, 'pglite', 'PG_VERSION'), '99\n');
    const { code, trouble, of } = await doctor({ HOOKLINE_DATA_DIR: dataDir });
    expect([code, trouble]).toEqual([1, ['database.unreachable']]);
    expect(of('database.unreachable')).toMatchObject({
      found: `The embedded database in ${dataDir} cannot be opened.`,
      mend: expect.stringContaining('backup'),
    });
  });

  it('says that the embedded database is in use, and looks into it when it is not', async () => {
    const env = { HOOKLINE_DATA_DIR: join(folder, 'embedded'), PORT: '0' };
    const absent = await doctor(env);
    expect([absent.code, absent.trouble]).toEqual([1, ['database.absent']]);
    await fillDataDir(inject('runFolder'), env.HOOKLINE_DATA_DIR);
    const server = startHooklineProcess(['start'], env);
    await server.waitForOutput('hookline.started', 60_000);
    const beside = await doctor(env);
    expect([beside.code, beside.trouble]).toEqual([0, ['database.locked']]);
    expect(beside.of('database.locked')).toMatchObject({
      found: expect.stringContaining(`process ${server.pid}`),
      mend: expect.stringContaining('/readyz'),
    });
    const full = await doctor(env, {}, { limits: { fullMib: Number.POSITIVE_INFINITY } });
    expect([full.code, full.trouble]).toEqual([1, ['database.locked', 'disk.full']]);
    const low = await doctor(env, {}, { limits: { lowMib: Number.POSITIVE_INFINITY } });
    expect(low.trouble).toEqual(['database.locked', 'disk.low']);
    expect(await server.end('SIGTERM')).toBe(0);

    const { code, trouble, of } = await doctor(env);
    expect([code, trouble]).toEqual([0, []]);
    expect(of('database.ok').found).toContain('embedded');
    expect(of('disk.ok').found).toMatch(/MiB left/);
  });
});
