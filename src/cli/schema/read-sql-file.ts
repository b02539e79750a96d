import { readFile, stat } from 'node:fs/promises';
import { HooklineError } from '../../errors.js';

const LARGEST = 10 * 1024 * 1024;

/** The text of a file of SQL. Throws `sql_file_unreadable` when it is not there, no file, empty, larger than 10 MiB, or not UTF-8. */
export async function readSqlFile(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  if (bytes.length === 0)
    throw unreadable(path, 'is empty', 'Write statements into it, each with a semicolon at its end.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(path, 'is not UTF-8', 'Save it as UTF-8: other encodings would change what it says.');
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) {
      throw unreadable(path, 'is larger than 10 MiB', 'A schema is smaller; a dump of rows is nothing for a branch.');
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof HooklineError) throw error;
    throw unreadable(path, `cannot be read (${reasonOf(error)})`, 'Name a file of SQL statements.');
  }
}

function unreadable(path: string, what: string, hint: string): HooklineError {
  return new HooklineError('sql_file_unreadable', `${path} ${what}.`, { hint });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'it is not there',
    EISDIR: 'it is a folder',
    EACCES: 'it may not be read by this user',
  };
  return known[String(code)] ?? String(code ?? 'unknown');
}
