import { HooklineError } from '../../../errors.js';
import type { DeployRequest, NewDeployRequest, Review, Waiting } from '../../provider.js';
import { schemaHash } from '../../table/schema-hash.js';
import { alone, branchSchema, readyBranch } from './branches.js';
import { notNow } from './deploy.js';
import { evaluate } from './evaluate.js';
import { PRODUCTION } from './names.js';
import { interruptionOf, phaseUnderWay } from './progress.js';
import { type RequestRow, requestRow, requestRows, toDeployRequest, writeOperations } from './request-rows.js';
import { isDuplicate } from './server-errors.js';
import { fromSnapshot, toSnapshot } from './snapshot.js';
import type { Work } from './work.js';

/** Characters of a request's notes, and of a review. */
const LONGEST_TEXT = 10_000;

/**
 * Makes a deploy request of a branch as it is now, and finds out whether it can be deployed.
 * Throws `branch_not_found`, `branch_in_use`, `deploy_request_exists`, `deploy_request_not_deployable`, `invalid_parameter`.
 */
export async function createRequest(work: Work, asked: NewDeployRequest, waiting: Waiting): Promise<number> {
  checkText('The notes', asked.notes);
  if (asked.intoBranch !== PRODUCTION || asked.branch === PRODUCTION) throw onlyIntoProduction(asked);
  return alone(work, asked.branch, async () => {
    const { base_schema } = await readyBranch(work, asked.branch);
    const [open] = await requestRows(work, 'r.open_branch = ?', [asked.branch]);
    if (open !== undefined) throw isOpen(asked.branch, open.number);
    const branch = await branchSchema(work, asked.branch);
    const production = await work.schemaIn(work.names.production);
    waiting.onProgress?.('checks the branch against production');
    const evaluation = await evaluate(work, { base: fromSnapshot(base_schema), branch, production });
    const { state, plan, problems } = evaluation;
    let number = 0;
    await work.transaction(async () => {
      const columns = {
        branch: asked.branch,
        into_branch: asked.intoBranch,
        open_branch: asked.branch,
        deployment_state: state,
        notes: asked.notes,
        auto_delete_branch: Number(asked.autoDeleteBranch),
        deployable: Number(state === 'ready'),
        instant_eligible: Number(state === 'ready' && plan?.instant === true),
        problems: JSON.stringify(problems),
        branch_hash: schemaHash(branch),
        branch_schema: toSnapshot(branch),
        base_schema,
        created_at: (await work.time()).toISOString(),
      };
      await work
        .run(
          `INSERT INTO ${work.state.requests} (${Object.keys(columns).join(', ')}) VALUES (${Object.keys(columns).fill('?').join(', ')})`,
          Object.values(columns),
        )
        .catch((error: unknown) => {
          throw isDuplicate(error) ? isOpen(asked.branch) : error;
        });
      const [made] = await work.rows<{ number: number }>('SELECT LAST_INSERT_ID() AS number');
      number = Number(made?.number);
      await writeOperations(work, number, 'deploy', plan?.operations ?? []);
    });
    return number;
  });
}

/** The newest first. */
export async function listRequests(
  work: Work,
  { state, branch }: { readonly state?: 'open' | 'closed'; readonly branch?: string } = {},
): Promise<DeployRequest[]> {
  const conditions = ['TRUE'];
  if (state !== undefined) conditions.push(`r.open_branch IS ${state === 'open' ? 'NOT NULL' : 'NULL'}`);
  if (branch !== undefined) conditions.push('r.branch = ?');
  const rows = await requestRows(work, conditions.join(' AND '), branch === undefined ? [] : [branch]);
  const told: DeployRequest[] = [];
  for (const row of rows) told.push(await toldRequest(work, row));
  return told;
}

/** A request, and what is found out about it now. */
export async function toldRequest(work: Work, row: RequestRow): Promise<DeployRequest> {
  return toDeployRequest(row, await interruptionOf(work, row));
}

/** Throws `deploy_request_not_found`, `invalid_parameter`. */
export async function writeReview(
  work: Work,
  number: number,
  { state, body }: Pick<Review, 'state' | 'body'>,
): Promise<Review> {
  checkText('The review', body);
  await requestRow(work, number);
  const review = { state, body, actor: work.actor, createdAt: (await work.time()).toISOString() };
  await work.run(`INSERT INTO ${work.state.reviews} (request, state, body, actor, created_at) VALUES (?, ?, ?, ?, ?)`, [
    number,
    review.state,
    review.body,
    review.actor,
    review.createdAt,
  ]);
  return review;
}

/** The oldest first. Throws `deploy_request_not_found`. */
export async function listReviews(work: Work, number: number): Promise<Review[]> {
  await requestRow(work, number);
  return work.rows<Review>(
    `SELECT state, body, actor, created_at AS createdAt FROM ${work.state.reviews} WHERE request = ? ORDER BY id`,
    [number],
  );
}

/** Throws `deploy_request_not_found`, `deploy_request_not_deployable` for one that is closed or at work. */
export async function closeRequest(work: Work, number: number): Promise<RequestRow> {
  const closed = await work.run(
    `UPDATE ${work.state.requests} SET open_branch = NULL, deployable = 0, closed_at = ?
     WHERE number = ? AND open_branch IS NOT NULL AND deployment_state NOT IN ('in_progress', 'in_progress_revert')`,
    [(await work.time()).toISOString(), number],
  );
  const row = await requestRow(work, number);
  if (closed === 0) throw phaseUnderWay(row.deployment_state) === undefined ? isClosed(row) : notNow(row);
  return row;
}

function isClosed({ number, closed_at }: RequestRow): HooklineError {
  return new HooklineError('deploy_request_not_deployable', `Deploy request #${number} was closed at ${closed_at}.`);
}

function isOpen(branch: string, number?: number): HooklineError {
  const which = number === undefined ? 'A deploy request' : `Deploy request #${number}`;
  return new HooklineError('deploy_request_exists', `${which} of the branch ${branch} is open.`, {
    hint: 'Deploy it or close it first.',
  });
}

function onlyIntoProduction({ branch, intoBranch }: NewDeployRequest): HooklineError {
  const message =
    branch === PRODUCTION
      ? 'The production branch is deployed nowhere.'
      : `A deploy request goes into ${PRODUCTION}, and not into ${JSON.stringify(intoBranch.slice(0, 80))}.`;
  return new HooklineError('deploy_request_not_deployable', message, {
    hint: `Make one of a development branch into ${PRODUCTION}.`,
  });
}

function checkText(what: string, text: string): void {
  if ([...text].length <= LONGEST_TEXT) return;
  throw new HooklineError('invalid_parameter', `${what} may have ${LONGEST_TEXT} characters.`, {
    hint: 'Shorten the text, and name what is longer by its address.',
  });
}
