import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import { statementsOf } from './changes.js';
import { type CommonOptions, withProvider } from './run.js';

const DIFFERENT = 1;

/** `schema diff`: the statements that would take a branch to what another is, now. */
export async function diffBranches(
  options: CommonOptions & { readonly branch: string; readonly into?: string; readonly exitCode?: boolean },
): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const into = options.into ?? provider.production;
    const changes = diffSchemas(await provider.schemaOf(into), await provider.schemaOf(options.branch));
    const text = changes.length === 0 ? `-- ${options.branch} and ${into} are the same.` : statementsOf(changes);
    result(changes, text);
    return options.exitCode && changes.length > 0 ? DIFFERENT : 0;
  });
}
