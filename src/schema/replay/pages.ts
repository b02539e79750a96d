import { HooklineError } from '../../errors.js';
import type { Provider } from '../provider.js';
import { type ContentTable, contentColumns } from './content-table.js';
import type { ReplaySource, SourceWebhook } from './source.js';
import { storedWebhooks } from './stored-webhooks.js';
import { fileWebhooks } from './webhook-files.js';
import { withCleanup } from './with-cleanup.js';

type Pages = AsyncIterable<readonly SourceWebhook[]>;

/**
 * What `work` gives, with the webhooks of a source in pages, at least one. `production` is `ai_content` there, undefined where there is none.
 * Throws `replay_source_empty`, `replay_source_unreadable`, and what the provider throws.
 */
export async function withPages<T>(
  provider: Provider,
  source: ReplaySource,
  production: ContentTable | undefined,
  work: (pages: Pages) => Promise<T>,
): Promise<T> {
  if (source.kind === 'files') return work(each(fileWebhooks(source.paths)));
  if (!Number.isSafeInteger(source.last) || source.last < 1) {
    throw new HooklineError('replay_source_empty', `The last ${source.last} webhooks are none.`, {
      hint: 'Ask for a whole number, 1 or more.',
    });
  }
  if (production === undefined || !['payload', 'idempotency_key'].every((name) => production.has(name))) {
    throw new HooklineError('replay_source_empty', `ai_content of ${provider.production} keeps no webhooks.`, {
      hint: 'The receiver keeps them once its migrations are applied (hookline migrate). Until then replay files.',
    });
  }
  const connection = await provider.connect(provider.production, 'reader');
  return withCleanup(
    async () => {
      const pages = storedWebhooks(connection.sql, contentColumns(production), source.last);
      const first = await pages.next();
      if (first.done === true) throw noneStored(provider.production);
      return work(withFirst(first.value, pages));
    },
    () => connection.close(),
  );
}

async function* each(pages: readonly (readonly SourceWebhook[])[]): AsyncGenerator<readonly SourceWebhook[]> {
  yield* pages;
}

async function* withFirst(
  first: readonly SourceWebhook[],
  more: AsyncGenerator<SourceWebhook[]>,
): AsyncGenerator<readonly SourceWebhook[]> {
  yield first;
  yield* more;
}

function noneStored(production: string): HooklineError {
  return new HooklineError('replay_source_empty', `ai_content of ${production} has no row that keeps its webhook.`, {
    hint: 'Webhooks are kept in the column payload, unless the store has keepPayload: false. Replay files instead.',
  });
}
