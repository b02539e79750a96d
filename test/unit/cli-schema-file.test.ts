import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSqlFile } from '../../src/cli/schema/read-sql-file.js';

describe('a file of SQL', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-sql-'));
    await writeFile(path('bom.sql'), '\ufeffSELECT 1; -- é');
    await writeFile(path('empty.sql'), '');
    await writeFile(path('latin1.sql'), Buffer.from('-- \xe9', 'latin1'));
    await symlink('/dev/zero', path('endless.sql'));
    await writeFile(path('large.sql'), '');
    await truncate(path('large.sql'), 10 * 1024 * 1024 + 1);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read as UTF-8, without the mark at its beginning', async () => {
    expect(await readSqlFile(path('bom.sql'))).toBe('SELECT 1; -- é');
  });

  it.each([
    ['missing.sql', 'cannot be read (it is not there)'],
    ['', 'cannot be read (it is a folder)'],
    ['empty.sql', 'is empty'],
    ['latin1.sql', 'is not UTF-8'],
    ['large.sql', 'is larger than 10 MiB'],
    ['endless.sql', 'is larger than 10 MiB'],
  ])('%s: sql_file_unreadable, with the path and the reason', async (name, reason) => {
    await expect(readSqlFile(path(name))).rejects.toMatchObject({
      code: 'sql_file_unreadable',
      message: `${path(name)} ${reason}.`,
      hint: expect.any(String),
    });
  });
});
