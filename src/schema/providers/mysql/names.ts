import { createHash, randomBytes } from 'node:crypto';
import { connectionOptions } from '../../../db/mysql/connection.js';
import { HooklineError } from '../../../errors.js';

/** MySQL's limit for the name of a database. */
const LONGEST_NAME = 64;

/** The branch that is the URL's own database. */
export const PRODUCTION = 'main';

/** What the databases and locks of one production database are called. */
export interface Names {
  readonly production: string;
  /** Where branches and deploy requests are kept. */
  readonly state: string;
  /** Throws `invalid_branch_name` when it would be too long. */
  databaseOf(branch: string): string;
  /** A name that nobody has yet. */
  newScratch(): string;
  /** Begins every scratch database's name. */
  readonly scratchPrefix: string;
  /** The URL of one of the databases. */
  urlOf(database: string): string;
}

/**
 * The names that derive from a production database's URL. Throws `invalid_config` when it is no URL of MySQL's, names no database, or one whose name leaves no room
 * for theirs.
 */
export function namesOf(url: string): Names {
  const production = connectionOptions({ url }).database ?? '';
  const scratchPrefix = `${production}__hookline_scratch_`;
  const longest = LONGEST_NAME - '__hookline_scratch_'.length - 6;
  if (production.length > longest) {
    const message = `The database's name has ${production.length} characters, and branches need one of at most ${longest}.`;
    throw new HooklineError('invalid_config', message, {
      hint: 'The databases of branches are called <database>__<branch>, and MySQL takes 64 characters: use a database with a shorter name.',
    });
  }
  return {
    production,
    state: `${production}__hookline`,
    scratchPrefix,
    newScratch: () => `${scratchPrefix}${randomBytes(3).toString('hex')}`,
    databaseOf(branch) {
      const database = branch === PRODUCTION ? production : `${production}__${branch}`;
      if (database.length <= LONGEST_NAME) return database;
      throw new HooklineError('invalid_branch_name', `The name ${branch} is too long for a branch of ${production}.`, {
        hint: `Its database would be called ${database}, which is longer than MySQL's 64 characters: take a name of at most ${LONGEST_NAME - production.length - 2}.`,
      });
    },
    urlOf(database) {
      const target = new URL(url);
      target.pathname = `/${encodeURIComponent(database)}`;
      return target.href;
    },
  };
}

/** The name of an advisory lock about something: MySQL takes 64 characters and does not tell upper case from lower. */
export function lockName(kind: 'deploy' | 'branch' | 'scratch', about: string): string {
  return `hookline.${kind}.${createHash('sha256').update(about).digest('hex').slice(0, 40)}`;
}
