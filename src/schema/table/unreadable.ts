import { HooklineError } from '../../errors.js';

/** What is thrown for a table that cannot be read, or that Hookline would not carry whole. */
export function unreadable(message: string, hint: string): HooklineError {
  return new HooklineError('schema_unreadable', message, { hint });
}
