import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/db/migrate.js';
import { openPglite } from '../../src/db/pglite.js';
import { LANGUAGES, type Language } from './language.js';
import { referencePages } from './pages.js';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const TRANSLATED = join(DOCS, 'zh-CN');

/** The folder of a language's reference; undefined where docs are not translated. */
export function folderOf(language: Language): string | undefined {
  if (language === 'en') return join(DOCS, 'reference');
  return existsSync(TRANSLATED) ? join(TRANSLATED, 'reference') : undefined;
}

async function generate(): Promise<void> {
  const db = await openPglite();
  try {
    await migrate(db);
    for (const language of LANGUAGES) {
      const folder = folderOf(language);
      if (folder === undefined) continue;
      await mkdir(folder, { recursive: true });
      for (const [file, text] of await referencePages(db, language)) await writeFile(join(folder, file), text);
    }
  } finally {
    await db.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
