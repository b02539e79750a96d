import { unprocessable } from './api-error.js';
import type { Branches } from './branches.js';
import { HOLDING } from './deploy-states.js';
import type { Passwords } from './passwords.js';
import type { State } from './state.js';

/**
 * Deletes a branch with its passwords, and closes its deploy requests. Throws 404, and 422 for production and while it is being deployed (no document says what
 * PlanetScale does then).
 */
export async function removeBranch(
  { state, branches, passwords }: { readonly state: State; readonly branches: Branches; readonly passwords: Passwords },
  name: string,
): Promise<void> {
  const branch = await branches.get(name);
  if (branch.production === 1) throw unprocessable('The default branch cannot be deleted');
  const requests = await state.find('deploy_requests', { branch: name });
  if (requests.some(({ deployment_state: now }) => HOLDING.has(now) && now !== 'complete_pending_revert')) {
    throw unprocessable('The branch is being deployed');
  }
  const closed_at = new Date().toISOString();
  await state.update(
    'deploy_requests',
    { branch: name, state: 'open' },
    { state: 'closed', closed_at, updated_at: closed_at },
  );
  await passwords.removeAllOf(name);
  await branches.drop(branch);
}
