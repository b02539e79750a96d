import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { folderOf } from '../../scripts/reference/generate.js';
import { LANGUAGES } from '../../scripts/reference/language.js';
import { referencePages } from '../../scripts/reference/pages.js';
import type { Database } from '../../src/db/database.js';
import { createPgliteDatabase } from '../harness/pglite-databases.js';

describe('docs/reference', () => {
  let db: Database;
  beforeAll(async () => {
    db = await createPgliteDatabase(inject('runFolder'));
  });
  afterAll(async () => {
    await db.close();
  });

  it.each(LANGUAGES)('is what `npm run generate:docs` makes of the code and the database (%s)', async (language) => {
    // Made in each language, also where its folder is not there: a description that is missing throws.
    const pages = await referencePages(db, language);
    const folder = folderOf(language);
    if (folder === undefined) return;
    expect((await readdir(folder)).sort()).toEqual([...pages.keys()].sort());
    for (const [file, text] of pages) expect(await readFile(join(folder, file), 'utf8'), file).toBe(text);
  });
});
