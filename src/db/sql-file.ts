import { readFileSync } from 'node:fs';

/** The text of a named `.sql` file beside its caller: `loadSql(import.meta.url, './claim.sql')`. Throws when it is not there. */
export function loadSql(callerUrl: string, file: string): string {
  return readFileSync(new URL(file, callerUrl), 'utf8');
}
