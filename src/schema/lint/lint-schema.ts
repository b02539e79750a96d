import type { LintFinding } from '../provider.js';
import type { Schema } from '../table/schema.js';
import { FOREIGN_KEY_RULES } from './foreign-key-rules.js';
import type { LintOptions } from './lint-options.js';
import { runRules } from './rule.js';
import { SHARDING_RULES } from './sharding-rules.js';
import { TABLE_RULES } from './table-rules.js';

const RULES = [...TABLE_RULES, ...FOREIGN_KEY_RULES, ...SHARDING_RULES];

/** What in a schema PlanetScale refuses, or what is dangerous in it; sorted. With `sharded` also what does not hold over several shards. */
export function lintSchema(schema: Schema, options: LintOptions): LintFinding[] {
  return runRules(RULES, [schema], options);
}
