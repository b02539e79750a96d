import { checkBranchName } from '../../schema/branch-name.js';
import type { Branch } from '../../schema/provider.js';
import { type Cell, tableOf } from '../table.js';
import { minuteOf } from '../times.js';
import { type CommonOptions, withProvider } from './run.js';

/** `schema branch create`: comes back when the branch is ready. */
export async function createBranch(
  name: string,
  options: CommonOptions & { readonly from?: string; readonly timeout: number },
): Promise<void> {
  await withProvider(
    options,
    async ({ provider, waiting, result, note }) => {
      checkBranchName(name);
      const from = options.from ?? provider.production;
      note(`Creating branch ${name} from ${from}.`);
      const branch = await provider.createBranch({ name, from }, waiting(options.timeout));
      result(branch, `Branch ${branch.name} was created from ${from} and is ready.`);
    },
    {
      signal: 'settle',
      stopped: async (provider) => {
        const there = (await provider.listBranches()).find((branch) => branch.name === name);
        if (there === undefined) return `Stopped. There is no branch ${name}.`;
        return `Stopped. Branch ${name} is there${there.ready ? '' : ', and goes on being made'}; \`hookline schema branch delete ${name}\` takes it away.`;
      },
    },
  );
}

export async function listBranches(options: CommonOptions): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const branches = await provider.listBranches();
    result(branches, branchTable(branches));
  });
}

export async function deleteBranch(name: string, options: CommonOptions): Promise<void> {
  await withProvider(
    options,
    async ({ provider, result }) => {
      await provider.deleteBranch(name);
      result({ name, deleted: true }, `Branch ${name} was deleted.`);
    },
    { signal: 'finish' },
  );
}

export function branchTable(branches: readonly Branch[]): string {
  const rows = branches.map(({ name, parentBranch, production, safeMigrations, ready, createdAt }): Cell[] => [
    name,
    parentBranch,
    production,
    safeMigrations,
    ready,
    minuteOf(createdAt),
  ]);
  return tableOf(['name', 'parent', 'production', 'safe migrations', 'ready', 'created (utc)'], rows);
}
