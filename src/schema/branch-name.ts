import { HooklineError } from '../errors.js';

const NAME = /^[a-z0-9]([a-z0-9_-]{0,38}[a-z0-9])?$/;

/**
 * Looks at the name of a development branch before it is made, or looked for: 1 to 40 of a-z, 0-9, `-` and `_`, with a letter or digit at both ends. `__`
 * parts a database's name from its branch's on a plain MySQL; `main` is the production branch, and names that begin with `hookline` are its own there.
 * Throws `invalid_branch_name`.
 */
export function checkBranchName(name: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  throw new HooklineError('invalid_branch_name', `A branch cannot be called ${shown(name)}: ${problem}.`, {
    hint: 'Take 1 to 40 of a-z, 0-9, - and _ (not two in a row), with a letter or a digit at both ends, as ai-content-v2.',
  });
}

function problemOf(name: string): string | undefined {
  if (!NAME.test(name)) return 'it has a character that it cannot have, or too many';
  if (name.includes('__')) return 'it has __ in it, which parts the database from the branch';
  if (name === 'main') return 'that is the production branch';
  if (name.startsWith('hookline')) return 'names that begin with hookline are taken';
  return undefined;
}

/** A name from outside, for a message: on one line, and not longer than a line. */
function shown(name: string): string {
  const text = JSON.stringify(name);
  return text.length <= 80 ? text : `${text.slice(0, 76)}…"`;
}
