import { HooklineError } from '../../errors.js';
import { readTextFile, UnreadableFile } from '../read-file.js';

const LARGEST_MIB = 10;
const HINTS: Readonly<Record<UnreadableFile['kind'], string>> = {
  too_large: 'A schema is smaller; a dump of rows is nothing for a branch.',
  not_utf8: 'Save it as UTF-8: other encodings would change what it says.',
  no_file: 'Name a file of SQL statements.',
};

/** The text of a file of SQL. Throws `sql_file_unreadable` when it cannot be read, is empty, larger than 10 MiB, or not UTF-8. */
export async function readSqlFile(path: string): Promise<string> {
  const text = await readTextFile(path, LARGEST_MIB).catch((error: unknown) => {
    throw error instanceof UnreadableFile ? unreadable(path, error.message, HINTS[error.kind]) : error;
  });
  if (text === '') throw unreadable(path, 'is empty', 'Write statements into it, each with a semicolon at its end.');
  return text;
}

function unreadable(path: string, what: string, hint: string): HooklineError {
  return new HooklineError('sql_file_unreadable', `${path} ${what}.`, { hint });
}
