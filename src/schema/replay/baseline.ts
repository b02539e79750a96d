import { randomBytes } from 'node:crypto';
import { HooklineError } from '../../errors.js';
import type { Provider, Waiting } from '../provider.js';
import { withCleanup } from './with-cleanup.js';

const PREFIX = 'replay-base-';
const LEFT_AFTER_MS = 3_600_000;

/**
 * What `work` gives, with the name of a branch that has production's schema and is deleted afterwards, whatever happens. Those that killed replays left more
 * than an hour ago are deleted first. Throws what the provider throws, and what `work` does.
 */
export async function withBaseline<T>(
  provider: Provider,
  waiting: Waiting,
  work: (branch: string) => Promise<T>,
): Promise<T> {
  await deleteLeftovers(provider);
  const name = `${PREFIX}${randomBytes(4).toString('hex')}`;
  return withCleanup(
    async () => {
      await create(provider, name, waiting);
      return work(name);
    },
    () => deleteIfThere(provider, name),
  );
}

async function create(provider: Provider, name: string, waiting: Waiting): Promise<void> {
  try {
    await provider.createBranch({ name, from: provider.production }, waiting);
  } catch (error) {
    if (!(error instanceof HooklineError) || error.code !== 'planetscale_refused') throw error;
    throw new HooklineError(error.code, `The temporary branch to compare with cannot be made: ${error.message}`, {
      hint: `${error.hint === undefined ? '' : `${error.hint} `}Or replay without a baseline: then nothing is said of speed.`,
      cause: error,
    });
  }
}

async function deleteLeftovers(provider: Provider): Promise<void> {
  const before = Date.now() - LEFT_AFTER_MS;
  for (const { name, createdAt, production } of await provider.listBranches()) {
    if (production || !new RegExp(`^${PREFIX}[0-9a-f]{8}$`).test(name) || Date.parse(createdAt) >= before) continue;
    await deleteIfThere(provider, name);
  }
}

/** Another replay may have deleted it; and one that is broken off may not have made it. */
async function deleteIfThere(provider: Provider, name: string): Promise<void> {
  try {
    await provider.deleteBranch(name);
  } catch (error) {
    if (!(error instanceof HooklineError && error.code === 'branch_not_found')) throw error;
  }
}
