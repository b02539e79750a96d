import { HooklineError } from '../../../errors.js';
import type { Branch } from '../../provider.js';
import { refusedWith } from './http/api-error.js';
import type { Api } from './http/client.js';
import { AnyShape, type ApiBranch, BranchShape } from './shapes.js';

/** The path of a branch. Throws `branch_not_found` for a name that would lead elsewhere: a URL's dots cannot be encoded away, nor half a character. */
export function branchPath(name: string): string {
  if (/^\.{0,2}$/.test(name) || !name.isWellFormed()) throw branchNotFound(name);
  return `/branches/${encodeURIComponent(name)}`;
}

/** A branch as PlanetScale has it now. Throws `branch_not_found`. */
export async function getBranch(api: Api, name: string, signal?: AbortSignal): Promise<ApiBranch> {
  return orNoBranch(api, name, api.get(branchPath(name), BranchShape, signal), signal);
}

/** The same, or undefined where there is none. */
export async function findBranch(api: Api, name: string, signal?: AbortSignal): Promise<ApiBranch | undefined> {
  try {
    return await getBranch(api, name, signal);
  } catch (error) {
    if (error instanceof HooklineError && error.code === 'branch_not_found') return undefined;
    throw error;
  }
}

/**
 * What `request` gives, of a route of one branch. A 404 is told as `branch_not_found`, but as PlanetScale tells it when the branches cannot be seen at all:
 * then organization, database or token are wrong.
 */
export async function orNoBranch<T>(api: Api, name: string, request: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (refusedWith(error) !== 404) throw error;
    await checkDatabase(api, signal);
    throw branchNotFound(name, error);
  }
}

/** Throws PlanetScale's refusal when the database cannot be seen. */
export async function checkDatabase(api: Api, signal?: AbortSignal): Promise<void> {
  await api.get('/branches?page=1&per_page=1', AnyShape, signal);
}

function branchNotFound(name: string, cause?: unknown): HooklineError {
  return new HooklineError('branch_not_found', `There is no branch ${JSON.stringify(name)}.`, {
    hint: 'hookline schema branch list names them.',
    cause,
  });
}

/** `branch_protected`. */
export function branchProtected(name: string, doing: string): HooklineError {
  return new HooklineError('branch_protected', `${name} is a production branch: ${doing}.`, {
    hint: 'Change a development branch, and bring it in: `hookline schema deploy-request create BRANCH`.',
  });
}

/** PlanetScale's branch in Hookline's terms. */
export function branchOf(branch: ApiBranch): Branch {
  return {
    name: branch.name,
    parentBranch: branch.parent_branch ?? null,
    production: branch.production,
    ready: branch.ready,
    safeMigrations: branch.safe_migrations ?? false,
    createdAt: isoOf(branch.created_at),
    url: branch.html_url ?? null,
  };
}

/** A time as ISO 8601 in UTC; as it stands when it is none. */
export function isoOf(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : at.toISOString();
}
