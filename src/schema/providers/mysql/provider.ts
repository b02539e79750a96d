import { hostname, userInfo } from 'node:os';
import type { DeployRequests, Provider } from '../../provider.js';
import { applyStatements } from './apply-statements.js';
import { branchSchema, bringBackAll, createBranch, databaseOfBranch, deleteBranch, listBranches } from './branches.js';
import { connectTo } from './connect.js';
import { cancel, deploy, notNow } from './deploy.js';
import { closeRequest, createRequest, listRequests, listReviews, toldRequest, writeReview } from './deploy-requests.js';
import { namesOf, PRODUCTION } from './names.js';
import { operationRows, requestRow, toDeployOperation } from './request-rows.js';
import { revert, settle, skipRevert } from './revert.js';
import { dropLeftovers } from './scratch.js';
import { toProviderError } from './server-errors.js';
import { type Settings, type Work, withWork } from './work.js';

export interface MysqlProviderOptions {
  /** mysql://user:password@host:port/database; the database is production's. */
  readonly url: string;
  /** Instead of the database's clock. */
  readonly now?: () => Date;
  /** How long a deployment can be reverted: half an hour, as on PlanetScale. */
  readonly revertWindowMs?: number;
  /** Who reviews and deploys, for the record: `user@host` by default. */
  readonly actor?: string;
  /** How long a deployment waits for a table that a transaction holds: half a minute. */
  readonly tableWaitMs?: number;
}

/**
 * Branches and deploy requests on a plain MySQL or MariaDB: a branch is the database `<database>__<branch>`, and what is known of them is kept in
 * `<database>__hookline`, which is made when it is first needed. Every command opens its own connection and ends it.
 * Throws `invalid_config`.
 */
export function createMysqlProvider(options: MysqlProviderOptions): Provider {
  const settings: Settings = {
    names: namesOf(options.url),
    actor: (options.actor ?? `${userInfo().username}@${hostname()}`).slice(0, 300),
    revertWindowMs: options.revertWindowMs ?? 30 * 60_000,
    tableWaitMs: options.tableWaitMs ?? 30_000,
    now: options.now,
  };
  const command = <T>(fn: (work: Work) => Promise<T>): Promise<T> =>
    withWork(settings, async (work) => {
      await dropLeftovers(work);
      await settle(work);
      await bringBackAll(work);
      return fn(work);
    });
  return {
    name: 'mysql',
    production: PRODUCTION,
    createBranch: (branch, waiting) =>
      command((work) => {
        waiting.onProgress?.(`makes ${branch.name} of ${branch.from}`);
        return createBranch(work, branch);
      }),
    listBranches: () => command(listBranches),
    deleteBranch: (name) => command((work) => deleteBranch(work, name)),
    schemaOf: (branch) => command((work) => branchSchema(work, branch)),
    lintOf: (branch) =>
      command(async (work) => {
        await databaseOfBranch(work, branch);
        return [];
      }),
    apply: (branch, statements, onApplied) => command((work) => applyStatements(work, branch, statements, onApplied)),
    async connect(branch, role) {
      const database = await command((work) => databaseOfBranch(work, branch));
      try {
        return await connectTo(settings.names.urlOf(database), role);
      } catch (error) {
        throw toProviderError(error);
      }
    },
    deployRequests: deployRequestsOf(command),
    close: async () => undefined,
  };
}

function deployRequestsOf(command: <T>(fn: (work: Work) => Promise<T>) => Promise<T>): DeployRequests {
  return {
    create: (request, waiting) =>
      command(async (work) => {
        const number = await createRequest(work, request, waiting);
        return toldRequest(work, await requestRow(work, number));
      }),
    list: (filter) => command((work) => listRequests(work, filter)),
    get: (number) => command(async (work) => toldRequest(work, await requestRow(work, number))),
    operations: (number) =>
      command(async (work) => {
        const { deployment_state: state } = await requestRow(work, number);
        const phase = /_revert(_error)?$/.test(state) && state !== 'complete_pending_revert' ? 'revert' : 'deploy';
        return (await operationRows(work, number, phase)).map(toDeployOperation);
      }),
    reviews: (number) => command((work) => listReviews(work, number)),
    review: (number, review) => command((work) => writeReview(work, number, review)),
    deploy: (number, options, waiting) =>
      command(async (work) => toldRequest(work, await deploy(work, number, options, waiting))),
    apply: (number) =>
      command(async (work) => {
        // Nothing waits for its cut-over here: a statement is in effect when it has run.
        throw notNow(await requestRow(work, number));
      }),
    cancel: (number) => command(async (work) => toldRequest(work, await cancel(work, number))),
    revert: (number, waiting) => command(async (work) => toldRequest(work, await revert(work, number, waiting))),
    skipRevert: (number) => command(async (work) => toldRequest(work, await skipRevert(work, number))),
    close: (number) => command(async (work) => toldRequest(work, await closeRequest(work, number))),
  };
}
