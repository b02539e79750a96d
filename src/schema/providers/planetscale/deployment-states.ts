import { DEPLOYMENT_STATES } from '../../provider.js';

/**
 * What a state means to whoever waits for the end of a deployment.
 *
 * pending → ready | no_changes | error
 * ready → queued → submitting → in_progress(_vschema) → pending_cutover → in_progress_cutover → complete_pending_revert → complete
 *         └─ cancel: in_progress_cancel → complete_cancel | cancelled
 * complete_pending_revert → revert: in_progress_revert(_vschema) → complete_revert | complete_revert_error
 * whatever runs → complete_error | error | failed
 */
const KNOWN: ReadonlySet<string> = new Set(DEPLOYMENT_STATES);
const FAILED: ReadonlySet<string> = new Set(['complete_error', 'complete_revert_error', 'error', 'failed']);
const CANCELLED: ReadonlySet<string> = new Set(['complete_cancel', 'cancelled']);
const DEPLOYED: ReadonlySet<string> = new Set(['complete', 'complete_pending_revert']);
const BEFORE: ReadonlySet<string> = new Set(['pending', 'ready', 'no_changes']);
const DEPLOYING: ReadonlySet<string> = new Set([
  'queued',
  'submitting',
  'in_progress',
  'in_progress_vschema',
  'in_progress_cutover',
]);

export const isFailed = (state: string): boolean => FAILED.has(state);
export const isCancelled = (state: string): boolean => CANCELLED.has(state);
export const isDeployed = (state: string): boolean => DEPLOYED.has(state);
/** Not made by PlanetScale since this was written. */
export const isKnown = (state: string): boolean => KNOWN.has(state);
/** Nothing was begun. */
export const isBefore = (state: string): boolean => BEFORE.has(state);
/** It goes on by itself, towards being deployed. */
export const isDeploying = (state: string): boolean => DEPLOYING.has(state);
/** A schema is being taken back. */
export const isReverting = (state: string): boolean => state.startsWith('in_progress_revert');
/** Where it stays unless somebody does something. */
export const isEnd = (state: string): boolean =>
  isDeployed(state) || isFailed(state) || isCancelled(state) || state === 'complete_revert';
