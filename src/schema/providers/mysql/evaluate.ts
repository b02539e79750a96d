import { hasErrors, without } from '../../lint/findings.js';
import type { LintOptions } from '../../lint/lint-options.js';
import { lintSchema } from '../../lint/lint-schema.js';
import type { LintFinding } from '../../provider.js';
import type { Schema } from '../../table/schema.js';
import { tablesThatDiffer } from './collisions.js';
import { mergeSchemas } from './merge.js';
import { type Plan, planChanges } from './plan.js';
import { NOT_REVERTIBLE, problem } from './problems.js';
import type { Work } from './work.js';

/** Whether a branch's changes can be deployed to production as it is now, and how. */
export interface Evaluation {
  readonly state: 'ready' | 'no_changes' | 'error';
  /** Undefined where branch and production conflict. */
  readonly plan: Plan | undefined;
  readonly problems: readonly LintFinding[];
}

/** The three-way merge, and the plan that takes production there, on scratch databases. */
export async function evaluate(
  work: Work,
  schemas: { readonly base: Schema; readonly branch: Schema; readonly production: Schema },
  options: { readonly instantOnly?: boolean } = {},
): Promise<Evaluation> {
  const merge = await mergeSchemas(work, schemas.base, schemas.branch, schemas.production);
  if ('conflicts' in merge) return { state: 'error', plan: undefined, problems: merge.conflicts };
  const plan = await planChanges(work, schemas.production, merge.merged, options);
  const problems = [...plan.problems, ...tablesThatDiffer(plan.after, merge.merged).map(notReached)];
  if (hasErrors(problems)) return { state: 'error', plan, problems };
  if (plan.operations.length === 0) return { state: 'no_changes', plan, problems };
  const warnings = [
    ...(await onlyForward(work, plan, schemas.production)),
    ...notForPlanetscale(plan, schemas.production),
  ];
  return { state: 'ready', plan, problems: [...problems, ...warnings] };
}

const RULES: LintOptions = { allowForeignKeys: false, sharded: false, dataLoss: false };

/** Rules of PlanetScale that the change breaks: a plain MySQL does not mind them, so it is a warning here. */
function notForPlanetscale({ after }: Plan, production: Schema): LintFinding[] {
  return without(lintSchema(after, RULES), lintSchema(production, RULES)).map((finding) => ({
    ...finding,
    severity: 'warning',
    message: finding.severity === 'error' ? `PlanetScale would refuse it. ${finding.message}` : finding.message,
  }));
}

/** The changes that the server makes online, but not back: a VARCHAR gets longer by metadata alone, and shorter by a copy. To be known before, not when it is needed. */
async function onlyForward(work: Work, plan: Plan, production: Schema): Promise<LintFinding[]> {
  const back = await planChanges(work, plan.after, production);
  return back.problems
    .filter(({ code }) => code === 'ONLINE_DDL_REFUSED')
    .map(({ table, message }) =>
      problem(
        NOT_REVERTIBLE,
        `Once it is deployed, it cannot be reverted. ${message}`,
        'Deploy it when that will not be needed, or part it: what can be reverted in a deploy request of its own.',
        { table, severity: 'warning' },
      ),
    );
}

function notReached(table: string): LintFinding {
  return problem(
    'DIFF_INCOMPLETE',
    `The statements for ${table} do not make it what it is on the branch.`,
    'Part the change: apply it on two branches, and deploy one after the other.',
    { table },
  );
}
