import { HooklineError } from '../../../errors.js';
import { checkBranchName } from '../../branch-name.js';
import type { Branch, LintFinding, Provider } from '../../provider.js';
import { schemaOf } from '../../table/read-schema.js';
import type { Schema } from '../../table/schema.js';
import { branchOf, branchPath, branchProtected, findBranch, getBranch, orNoBranch } from './branch-routes.js';
import { openRequestOf } from './deploy-request-routes.js';
import { refusedWith, wordsOf } from './http/api-error.js';
import type { Api } from './http/client.js';
import { once } from './http/once.js';
import { findingOf } from './lint-findings.js';
import { type ApiBranch, BranchShape, LintErrorShape, TableShape } from './shapes.js';
import { poll, type Wait, within } from './waiting.js';

type Branches = Pick<Provider, 'createBranch' | 'listBranches' | 'deleteBranch' | 'schemaOf' | 'lintOf'>;

/** The branches of a database at PlanetScale. What each method throws stands at Provider. */
export function createBranches(api: Api, pollMs: number): Branches {
  /** Asks for the branch, and does not mind a lost answer: it did not exist before, so one of our parent is ours. */
  async function make(name: string, from: string, { signal }: Wait): Promise<ApiBranch> {
    if ((await findBranch(api, name, signal)) !== undefined) throw branchExists(name);
    const body = { name, parent_branch: from };
    const send = () => api.send('POST', '/branches', BranchShape, { body, signal });
    const look = async (): Promise<ApiBranch | undefined> => {
      const found = await findBranch(api, name, signal);
      return found?.parent_branch === from ? found : undefined;
    };
    try {
      return await once(send, look, { pauseMs: pollMs, signal });
    } catch (error) {
      const status = refusedWith(error);
      if (status === 422 && /\btaken\b|already exists/i.test(wordsOf(error))) throw branchExists(name, error);
      if (status === 404 || status === 422) await getBranch(api, from, signal);
      throw error;
    }
  }

  return {
    async createBranch({ name, from }, waiting): Promise<Branch> {
      checkBranchName(name);
      return within(waiting, `branch ${name} to be ready`, async (wait) => {
        const made = await make(name, from, wait);
        if (made.ready) return branchOf(made);
        wait.tell(`branch ${name} is being made from ${from}`);
        const ready = await poll(pollMs, wait.signal, async () => {
          const branch = await getBranch(api, name, wait.signal);
          if (branch.ready) return branch;
          wait.tell(`branch ${name} is not ready yet`);
          return undefined;
        });
        return branchOf(ready);
      });
    },

    async listBranches(): Promise<Branch[]> {
      const branches = await api.list('/branches', BranchShape);
      // A branch that is made between two pages moves others onto the next.
      return [...new Map(branches.map((branch) => [branch.name, branchOf(branch)])).values()];
    },

    async deleteBranch(name): Promise<void> {
      const branch = await getBranch(api, name);
      if (branch.production) throw branchProtected(name, 'it is not deleted');
      const request = await openRequestOf(api, name);
      if (request !== undefined) {
        throw new HooklineError('branch_in_use', `Deploy request #${request.number} of branch ${name} is open.`, {
          hint: `Deploy it, or close it: \`hookline schema deploy-request close ${request.number}\`.`,
        });
      }
      await orNoBranch(api, name, api.delete(branchPath(name)));
    },

    async schemaOf(name): Promise<Schema> {
      const tables = await orNoBranch(api, name, api.list(`${branchPath(name)}/schema`, TableShape));
      return schemaOf(tables.map(({ raw }) => raw).filter((raw) => /^\s*CREATE\s+TABLE\b/i.test(raw)));
    },

    async lintOf(name): Promise<LintFinding[]> {
      const errors = await orNoBranch(api, name, api.list(`${branchPath(name)}/schema/lint`, LintErrorShape));
      return errors.map(findingOf);
    },
  };
}

function branchExists(name: string, cause?: unknown): HooklineError {
  return new HooklineError('branch_exists', `There is a branch ${name} already.`, {
    hint: `Take another name, or delete it: \`hookline schema branch delete ${name}\`.`,
    cause,
  });
}
