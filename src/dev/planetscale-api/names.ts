import { createHash, randomInt } from 'node:crypto';

const LONGEST_DATABASE_NAME = 64;
const ID_LENGTH = 12;
const ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Names that the state and the scratch databases take. */
const TAKEN = /^(state$|scratch_)/;
const BRANCH = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;

/** Whether PlanetScale takes it as the name of a branch. */
export function isBranchName(name: string): boolean {
  return BRANCH.test(name);
}

/** The database of a branch other than production: `<db>__ps_<branch>`, or with a hash where that is too long or taken. */
export function branchDatabase(database: string, branch: string): string {
  const plain = `${database}__ps_${branch}`;
  if (patternOf(plain).length <= LONGEST_DATABASE_NAME && !TAKEN.test(branch)) return plain;
  return `${database}__ps_${createHash('sha256').update(branch).digest('hex').slice(0, 10)}`;
}

/** What a GRANT takes for exactly one database, in at most 64 characters: there its name is a pattern. */
export function patternOf(database: string): string {
  return database.replaceAll(/[\\_%]/g, '\\$&');
}

export function stateDatabase(database: string): string {
  return `${database}__ps_state`;
}

/** What scratch databases begin with; a random ending makes each of them one's own. */
export function scratchPrefix(database: string): string {
  return `${database}__ps_scratch_`;
}

/** An id such as PlanetScale gives: lower-case letters and digits. */
export function newId(length = ID_LENGTH): string {
  return Array.from({ length }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]).join('');
}
