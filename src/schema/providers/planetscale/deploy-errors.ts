import { HooklineError } from '../../../errors.js';
import type { LintFinding } from '../../provider.js';
import type { Known } from './deploy-request-routes.js';
import { refusedWith, wordsOf } from './http/api-error.js';
import { CONFLICT, inWords } from './lint-findings.js';

/** `deploy_request_not_deployable`. */
export function notDeployable(message: string, hint: string, cause?: unknown): HooklineError {
  return new HooklineError('deploy_request_not_deployable', message, { hint, cause });
}

/** Why a request that PlanetScale has looked at cannot be deployed: `schema_conflict`, or `deploy_request_not_deployable` with the lint errors. */
export function blocked({ request, deployment, problems }: Known): HooklineError {
  if (problems.some(({ code }) => code === CONFLICT)) return conflict(request.number, problems);
  const why = problems.length === 0 ? `its state is ${deployment.state}` : inWords(problems);
  return notDeployable(
    `Deploy request #${request.number} cannot be deployed: ${why}.`,
    'Mend it on the branch; PlanetScale then looks at the request again.',
  );
}

function conflict(number: number, problems: readonly LintFinding[]): HooklineError {
  return new HooklineError('schema_conflict', `Deploy request #${number} does not fit: ${inWords(problems)}.`, {
    hint: 'The branch it goes into was changed meanwhile: make a branch anew from it, and apply the change there.',
  });
}

/** `deploy_failed`, with everything that PlanetScale says about it. */
export function deployFailed({ request, deployment, problems }: Known, doing: string): HooklineError {
  const why = problems.length === 0 ? '' : `: ${inWords(problems)}`;
  return new HooklineError(
    'deploy_failed',
    `${doing} deploy request #${request.number} ended in ${deployment.state}${why}`,
    {
      hint: `\`hookline schema deploy-request show ${request.number}\` tells each operation${request.html_url ? `; so does ${request.html_url}` : ''}.`,
    },
  );
}

/**
 * A refusal of something that is asked of a deploy request, told as `deploy_request_not_deployable`: PlanetScale answers 422, 409, or 403 where
 * an approval lacks. Everything else stays what it is.
 */
export function asNotDeployable(error: unknown, { request, deployment }: Known, doing: string): unknown {
  const status = refusedWith(error);
  const words = wordsOf(error);
  const approval = /approv|review/i.test(words);
  if (status !== 422 && status !== 409 && !(status === 403 && approval)) return error;
  const hint = approval
    ? `Somebody has to approve it: \`hookline schema deploy-request approve ${request.number}\`.`
    : /safe migrations/i.test(words)
      ? `Turn on safe migrations for ${request.into_branch}, in its settings at PlanetScale.`
      : `\`hookline schema deploy-request show ${request.number}\` tells its state.`;
  const message = `PlanetScale does not ${doing} deploy request #${request.number} in state ${deployment.state}: ${words || 'it gives no reason'}`;
  return notDeployable(message, hint, error);
}
