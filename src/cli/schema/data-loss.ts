import { HooklineError } from '../../errors.js';
import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import type { DeployOperation, DeployRequest, Provider } from '../../schema/provider.js';
import type { SchemaChange } from '../../schema/table/schema.js';
import { lossesOf } from './changes.js';

/** Of whole columns and tables: what only the other side has since looks the same. */
const OF_THE_WHOLE = /^(column|table) /;

/**
 * Looks whether deploying would take away stored data: by what the provider tells of each statement, and where it tells no more than that a statement can, by the schemas, which
 * tell a column that gets too small as well.
 * Throws `data_loss_not_confirmed`, which names what would go.
 */
export async function checkDataLoss(provider: Provider, request: DeployRequest): Promise<void> {
  const operations = await provider.deployRequests.operations(request.number);
  const changes = operations.some(({ losses }) => losses === null) ? await changesOf(provider, request) : [];
  const losses = operations.flatMap((operation) => {
    const change = changes.filter(({ table }) => table === operation.table);
    return operation.losses === null ? guessed(operation, change) : told(operation, operation.losses);
  });
  if (losses.length === 0) return;
  throw new HooklineError('data_loss_not_confirmed', `Deploying #${request.number} takes away: ${losses.join('; ')}.`, {
    hint: `Nothing was deployed. Where that is meant: \`hookline schema deploy-request deploy ${request.number} --allow-data-loss\`.`,
  });
}

function told({ canDropData, table, statement }: DeployOperation, losses: readonly string[]): string[] {
  if (!canDropData) return [];
  return losses.length === 0 ? [`${table}: ${statement}`] : losses.map((loss) => `${table}: ${loss}`);
}

/** The provider sees what is dropped, after the merge; the schemas show what gets too small. */
function guessed(operation: DeployOperation, changes: readonly SchemaChange[]): string[] {
  const all = lossesOf(changes);
  if (operation.canDropData) return all.length === 0 ? told(operation, []) : all;
  const narrowed = changes.map((change) => ({
    ...change,
    losses: change.losses.filter((loss) => !OF_THE_WHOLE.test(loss)),
  }));
  return lossesOf(narrowed.filter(({ losses }) => losses.length > 0));
}

/** A branch that is gone has nothing to be compared with: then the provider's word is all. */
async function changesOf(provider: Provider, { branch, intoBranch }: DeployRequest): Promise<SchemaChange[]> {
  try {
    return diffSchemas(await provider.schemaOf(intoBranch), await provider.schemaOf(branch));
  } catch (error) {
    if (error instanceof HooklineError && error.code === 'branch_not_found') return [];
    throw error;
  }
}
