/**
 * The states of a deployment, as the stand-in goes through them:
 *
 *   pending → ready | no_changes | error                                    the check, again whenever a branch moves
 *   ready → queued → submitting → in_progress → [pending_cutover →] in_progress_cutover → complete_pending_revert → complete
 *                                             → complete                    with instant_ddl, which cannot be reverted
 *   queued … pending_cutover → in_progress_cancel → complete_cancel
 *   complete_pending_revert → in_progress_revert → complete_revert | complete_revert_error
 *   submitting … in_progress_cutover → complete_error                       production is as before
 */

/** The check has been made, and the deployment not begun. */
export const CHECKED: ReadonlySet<string> = new Set(['ready', 'no_changes', 'error']);
/** The stand-in goes on with these by itself. */
export const MOVING: ReadonlySet<string> = new Set([
  'pending',
  'queued',
  'submitting',
  'in_progress',
  'in_progress_cutover',
  'complete_pending_revert',
  'in_progress_cancel',
  'in_progress_revert',
]);
export const CANCELLABLE: readonly string[] = ['queued', 'submitting', 'in_progress', 'pending_cutover'];
/** They hold the queue: the next deployment waits. A revert would not fit a production that went on, so its window holds the queue, too. */
export const HOLDING: ReadonlySet<string> = new Set([
  ...CANCELLABLE,
  'in_progress_cutover',
  'in_progress_cancel',
  'in_progress_revert',
  'complete_pending_revert',
]);
