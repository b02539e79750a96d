import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { toHooklineError } from '../db/sql-errors.js';
import { codeOf } from '../errors.js';
import { type Finding, finding, skipped } from './catalogue.js';
import { CHECKS } from './checks/all.js';
import type { Access, Check, Context, Limits, Needs } from './context.js';
import { LIMITS } from './context.js';
import { openForDoctor } from './open.js';
import { causeOf } from './told.js';

const CHECK_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;
/** A schema, table, column or function that is not there. */
const MISSING = /^(3F000|42P01|42703|42883)$/;
/** Findings of checks that asked for one. */
const LACKING = new WeakSet<Finding>();

export interface ExamineOptions {
  readonly limits?: Partial<Limits>;
  readonly checkWithinMs?: number;
}

/**
 * Looks at a deployment through the settings of one of its processes, and gives what was found, in the order of areas. Changes nothing; takes a bounded time; never
 * throws. What it found carries no credential.
 */
export async function examine(config: Config, options: ExamineOptions = {}): Promise<readonly Finding[]> {
  const opened = await openForDoctor(config);
  const limits = { ...LIMITS, ...options.limits };
  const withinMs = options.checkWithinMs ?? CHECK_WITHIN_MS;
  if (opened.trouble !== undefined) {
    const { trouble } = opened;
    const found = await Promise.all(CHECKS.map((check) => withoutDatabase(check, config, limits, withinMs, trouble)));
    return found.flat();
  }
  const { db, access } = opened;
  try {
    const context: Context = { config, db, access, limits };
    const found = (await Promise.all(CHECKS.map((check) => within(check, context, withinMs)))).flat();
    return found.some(({ area, severity }) => area === 'migrations' && severity === 'failure')
      ? found.map((one) =>
          LACKING.has(one) ? skipped(one.area, 'The schema lacks what this asks for: see migrations.') : one,
        )
      : found;
  } finally {
    await Promise.race([db.close().catch(() => undefined), sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }
}

/** What can be looked at all the same; the trouble stands in the place of what the database would have said. */
async function withoutDatabase(
  check: Check,
  config: Config,
  limits: Limits,
  withinMs: number,
  trouble: Finding,
): Promise<readonly Finding[]> {
  if (check.area === trouble.area) return [trouble];
  if (check.needs !== 'nothing') return [skipped(check.area, 'The database cannot be looked into: see database.')];
  return within(check, { config, db: absent(config), access: NO_ACCESS, limits }, withinMs);
}

async function within(check: Check, context: Context, withinMs: number): Promise<readonly Finding[]> {
  const reason = reasonToSkip(check.needs, context);
  if (reason !== undefined) return [skipped(check.area, reason)];
  const late = new AbortController();
  try {
    return await Promise.race([check.run(context), sleep(withinMs, undefined, { signal: late.signal }).then(tooLate)]);
  } catch (error) {
    const mend = 'Try again; if it stays so, the reason above is what to look at.';
    const failed = finding(check.area, 'doctor.check_failed', `This could not be looked at: ${whyOf(error)}`, mend);
    if (MISSING.test(codeOf(error) ?? '')) LACKING.add(failed);
    return [failed];
  } finally {
    late.abort();
  }

  function tooLate(): never {
    throw new Error(`it took longer than ${withinMs / 1_000} s`);
  }
}

function whyOf(error: unknown): string {
  const { code } = toHooklineError(error);
  const why = causeOf(error);
  return code === 'internal_error' ? `${why}.` : `${why} (${code}).`;
}

function reasonToSkip(needs: Needs, { db, access }: Context): string | undefined {
  if (needs === 'nothing' || needs === 'database') return undefined;
  if (needs === 'server') return db.kind === 'pglite' ? 'The embedded database is of this process alone.' : undefined;
  if (!access.schemaExists) return 'The database has not been migrated: see migrations.';
  if (needs === 'schema' || !access.missingRoles.includes('service_role')) return undefined;
  return 'The login may not take the role service_role: see login.';
}

const NO_ACCESS: Access = {
  login: '',
  bypassesPolicies: false,
  ownsSchema: false,
  inherits: false,
  schemaExists: false,
  missingRoles: [],
};

/** For checks that need no database: the receiver's store is opened beside one. */
function absent(config: Config): Database {
  const refuse = async (): Promise<never> => {
    throw new Error('the database cannot be looked into');
  };
  return {
    kind: config.databaseUrl === undefined ? 'pglite' : 'postgres',
    query: refuse,
    transaction: refuse,
    atOnce: refuse,
    listen: refuse,
    close: async () => undefined,
  };
}
