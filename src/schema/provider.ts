import type { Store } from '@hookline/receiver';
import type { SqlSession } from './sql-session.js';
import type { FileStatement, Schema } from './table/schema.js';

/** How a command waits for what takes its time. */
export interface Waiting {
  /** At most so long; then `schema_timeout`, and what was begun goes on. */
  readonly timeoutMs: number;
  /** Told how far it is, often; the same text may come again. */
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A branch, in PlanetScale's words. */
export interface Branch {
  readonly name: string;
  readonly parentBranch: string | null;
  readonly production: boolean;
  readonly ready: boolean;
  /** Whether its schema changes by deploy requests alone. */
  readonly safeMigrations: boolean;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly url: string | null;
}

/** PlanetScale's states of a deployment; docs name each. */
export const DEPLOYMENT_STATES = [
  'pending',
  'ready',
  'no_changes',
  'queued',
  'submitting',
  'in_progress',
  'in_progress_vschema',
  'in_progress_cancel',
  'in_progress_cutover',
  'in_progress_revert',
  'in_progress_revert_vschema',
  'pending_cutover',
  'complete',
  'complete_pending_revert',
  'complete_cancel',
  'complete_error',
  'complete_revert',
  'complete_revert_error',
  'cancelled',
  'error',
  'failed',
] as const;
/** One of `DEPLOYMENT_STATES`; another word is one that PlanetScale made since. */
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number] | (string & {});

/** One statement of a deployment, in PlanetScale's words. */
export interface DeployOperation {
  readonly table: string;
  readonly operation: string;
  readonly statement: string;
  /** pending, queued, in_progress, complete, cancelled, error. */
  readonly state: string;
  readonly progressPercentage: number;
  readonly etaSeconds: number | null;
  readonly canDropData: boolean;
  /** What it takes away, in words; null where the provider does not tell. */
  readonly losses: readonly string[] | null;
  /** How it is, or will be, run, where the provider tells: `INSTANT`, `NOCOPY`, `INPLACE`. */
  readonly algorithm: string | null;
  readonly error: string | null;
}

export interface DeployRequest {
  readonly number: number;
  readonly branch: string;
  readonly intoBranch: string;
  readonly state: 'open' | 'closed';
  readonly deploymentState: DeploymentState;
  readonly approved: boolean;
  readonly notes: string;
  readonly deployable: boolean;
  readonly instantDdlEligible: boolean;
  /** What stands in the way of deploying it: lint errors, conflicts, what the deployment failed of. */
  readonly problems: readonly LintFinding[];
  /** Until when it can be reverted; ISO 8601, UTC; null when it cannot, or nobody says. */
  readonly revertUntil: string | null;
  readonly createdAt: string;
  readonly deployedAt: string | null;
  readonly closedAt: string | null;
  readonly url: string | null;
}

export interface Review {
  readonly state: 'approved' | 'commented';
  readonly body: string;
  readonly actor: string;
  readonly createdAt: string;
}

export interface NewDeployRequest {
  readonly branch: string;
  readonly intoBranch: string;
  readonly notes: string;
  readonly autoDeleteBranch: boolean;
}

/** A rule that a schema, a statement or a deployment breaks. */
export interface LintFinding {
  /** PlanetScale's identifier where it has one (`NO_UNIQUE_KEY`), else Hookline's own, in the same form. */
  readonly code: string;
  /** `error` is refused by PlanetScale; `warning` is dangerous. */
  readonly severity: 'error' | 'warning';
  readonly table: string | null;
  readonly column: string | null;
  /** The line of the file, where the finding is of one. */
  readonly line: number | null;
  readonly message: string;
  /** What to do instead. */
  readonly hint: string;
}

/** Where a branch's data is: for SQL, and for the receiver. */
export interface BranchConnection {
  readonly sql: SqlSession;
  /** The receiver's store on it. */
  readonly store: Store;
  /** Ends it, and the password that was made for it. */
  close(): Promise<void>;
}

/**
 * Branches and deploy requests of one database. Every method throws HooklineError: `planetscale_unavailable`, `planetscale_refused`,
 * `database_unavailable`, `database_refused`, and those that it names.
 */
export interface Provider {
  readonly name: 'planetscale' | 'mysql';
  /** The branch that serves production: `main`. */
  readonly production: string;

  /** Throws `branch_exists`, `branch_not_found` (its parent), `invalid_branch_name`, `schema_timeout`. Comes back when it is ready. */
  createBranch(branch: { readonly name: string; readonly from: string }, waiting: Waiting): Promise<Branch>;
  listBranches(): Promise<Branch[]>;
  /** Throws `branch_not_found`, `branch_protected` for the production branch, `branch_in_use` with an open deploy request. */
  deleteBranch(name: string): Promise<void>;

  /** Throws `branch_not_found`. */
  schemaOf(branch: string): Promise<Schema>;
  /** What the provider itself finds wrong in the schema of a branch; none where it has no linter. */
  lintOf(branch: string): Promise<LintFinding[]>;
  /**
   * Runs the statements of a file on a development branch, one after another; `onApplied` is told of each. All of them or none where the provider can:
   * on trouble the branch is as before, or the error says which statements stay.
   * Throws `branch_not_found`, `branch_protected`, `schema_apply_failed`.
   */
  apply(
    branch: string,
    statements: readonly FileStatement[],
    onApplied: (statement: FileStatement) => void,
  ): Promise<void>;
  /** Throws `branch_not_found`. `reader` may only SELECT, where the provider knows the difference. */
  connect(branch: string, role: 'reader' | 'readwriter'): Promise<BranchConnection>;

  readonly deployRequests: DeployRequests;
  close(): Promise<void>;
}

/** Every method but `create` and `list` throws `deploy_request_not_found`. */
export interface DeployRequests {
  /** Comes back when it is known whether it can be deployed. Throws `branch_not_found`, `deploy_request_exists` when the branch has an open one. */
  create(request: NewDeployRequest, waiting: Waiting): Promise<DeployRequest>;
  /** The newest first. */
  list(filter?: { readonly state?: 'open' | 'closed'; readonly branch?: string }): Promise<DeployRequest[]>;
  get(number: number): Promise<DeployRequest>;
  operations(number: number): Promise<DeployOperation[]>;
  reviews(number: number): Promise<Review[]>;
  review(number: number, review: { readonly state: Review['state']; readonly body: string }): Promise<Review>;
  /**
   * Begins the deployment, or goes on with one that was broken off, and follows it to its end or, with `waiting` undefined, comes back when it is queued (where the
   * provider runs it by itself). Throws `deploy_request_not_deployable`, `schema_conflict`, `branch_moved`, `deploy_in_progress`, `online_ddl_refused`,
   * `deploy_failed`, `schema_timeout`.
   */
  deploy(number: number, options: { readonly instant: boolean }, waiting?: Waiting): Promise<DeployRequest>;
  /** Lets a deployment in `pending_cutover` switch over. Throws `deploy_request_not_deployable` in another state. */
  apply(number: number, waiting?: Waiting): Promise<DeployRequest>;
  /** Ends a deployment that has not come to its end; what a broken-off one has done is undone. */
  cancel(number: number, waiting?: Waiting): Promise<DeployRequest>;
  /** Within the revert window. Throws `revert_window_over`, `deploy_request_not_deployable`, `deploy_failed`, `schema_timeout`. */
  revert(number: number, waiting?: Waiting): Promise<DeployRequest>;
  /** Ends the revert window. */
  skipRevert(number: number): Promise<DeployRequest>;
  close(number: number): Promise<DeployRequest>;
}
