import { randomBytes } from 'node:crypto';
import type { MapRecord } from '@hookline/receiver';
import { HooklineError } from '../../errors.js';
import type { Provider, Waiting } from '../provider.js';
import type { Schema } from '../table/schema.js';
import { schemaHash } from '../table/schema-hash.js';
import { withBaseline } from './baseline.js';
import { type ContentTable, contentTable, missingColumns } from './content-table.js';
import { guardExit } from './exit-guard.js';
import { withPages } from './pages.js';
import { ROUNDS, replayPage } from './replay-page.js';
import type { Stored } from './replayed.js';
import { hasReplayedRows, keyOf } from './replayed-rows.js';
import type { ReplayFailure, ReplayReport } from './report.js';
import { type Side, withSide } from './side.js';
import type { ReplaySource, SourceWebhook } from './source.js';
import { Tally } from './tally.js';
import { bookkeepingTrial } from './trial.js';
import { toReplayError } from './trouble.js';

export interface ReplayOptions {
  readonly provider: Provider;
  readonly branch: string;
  readonly source: ReplaySource;
  /** How a webhook becomes a row, as the application has it. */
  readonly mapRecord?: MapRecord;
  /** Whether a temporary branch of production's schema is made to compare with: without it nothing is said of speed, and of files only what fails or is cut. */
  readonly baseline: boolean;
  /** From which ratio of the medians an insert counts as slower: 1.5. */
  readonly slowerThan?: number;
  /** How long the temporary branch may take to be ready; its signal ends the replay. */
  readonly waiting: Waiting;
  /** How far it is; else `waiting.onProgress` is told. */
  readonly onProgress?: (text: string) => void;
}

const SLOWER_THAN = 1.5;

/**
 * Runs webhooks through the receiver's handler and the mapping against a branch, and says what of them is stored otherwise than production stored it. Nobody is called, no
 * event is triggered, production is read alone, and the branch is left as it was found. What got worse is in the report (`worse`), no error.
 * Throws `branch_not_found`, `branch_protected` for production, `branch_in_use` when rows of another replay are in the way, `branch_moved` when the branch's schema changed meanwhile, `replay_source_empty`,
 * `replay_source_unreadable`, what the provider throws, and the reason of an aborted signal.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { provider, branch, waiting, slowerThan = SLOWER_THAN } = options;
  if (!(Number.isFinite(slowerThan) && slowerThan >= 1)) {
    throw new HooklineError('invalid_config', `An insert cannot be slower by a factor of ${slowerThan}.`, {
      hint: 'Give a number from 1 on; 1.5 by default.',
    });
  }
  if (branch === provider.production) {
    throw new HooklineError('branch_protected', `A replay writes to its branch, and ${branch} is production.`, {
      hint: 'Make a branch with the change and replay on that one.',
    });
  }
  try {
    return await guardExit(() => onBranch(options, slowerThan));
  } catch (error) {
    waiting.signal?.throwIfAborted();
    throw toReplayError(error, branch);
  }
}

async function onBranch(options: ReplayOptions, slowerThan: number): Promise<ReplayReport> {
  const { provider, branch, source } = options;
  const begun = new Date();
  const schema = await provider.schemaOf(branch);
  const hash = schemaHash(schema);
  const about = { branch, schemaHash: hash, source: source.kind };
  const production = contentOf(await provider.schemaOf(provider.production));
  const to = contentOf(schema);
  const keepsRows = hasUniqueOfItsOwn(schema);
  const tally = new Tally(production ?? new Map(), to ?? new Map());
  const lacking = lackOf(branch, to);
  if (to === undefined || lacking.length > 0) {
    for (const failure of lacking) tally.fail(failure);
    return tally.report(about, slowerThan, begun);
  }
  await withPages(provider, source, production, (pages) =>
    replayPages({ ...options, pages, production, to, tally, keepsRows }),
  );
  if (tally.webhooks === tally.acknowledged) {
    throw new HooklineError('replay_source_empty', 'Of these webhooks the handler stores none.', {
      hint: 'It stores those of type task.ai_generated with a callback_url.',
    });
  }
  if (schemaHash(await provider.schemaOf(branch)) !== hash) {
    throw new HooklineError('branch_moved', `The schema of ${branch} changed during the replay.`, {
      hint: 'Run it again when the schema stays.',
    });
  }
  return tally.report(about, slowerThan, begun);
}

interface Replaying extends ReplayOptions {
  readonly pages: AsyncIterable<readonly SourceWebhook[]>;
  readonly production: ContentTable | undefined;
  readonly to: ContentTable;
  readonly tally: Tally;
  readonly keepsRows: boolean;
}

async function replayPages(options: Replaying): Promise<void> {
  const { provider, branch, mapRecord, waiting, production, to } = options;
  const run = randomBytes(6).toString('hex');
  const onOne = { run, mapRecord };
  await withSide(provider, { ...onOne, branch, table: to, isBase: false }, async (side) => {
    if (options.keepsRows && (await hasReplayedRows(side.sql))) throw otherReplay(branch);
    if (!options.baseline || production === undefined) return replayAll(options, run, side, null);
    await withBaseline(provider, waiting, (name) =>
      withSide(provider, { ...onOne, branch: name, table: production, isBase: true }, (base) =>
        replayAll(options, run, side, base),
      ),
    );
  });
}

async function replayAll(options: Replaying, run: string, branch: Side, base: Side | null): Promise<void> {
  const { pages, tally, keepsRows, waiting, onProgress = waiting.onProgress } = options;
  let like: Stored | undefined;
  let number = 0;
  for await (const page of pages) {
    const done = tally.webhooks;
    if (done === 0 && base !== null) await warmUp(page, run, branch, base);
    const onWebhook = (at: number, round: number): void => {
      waiting.signal?.throwIfAborted();
      onProgress?.(`webhook ${done + at + 1}${base === null ? '' : `, round ${round} of ${ROUNDS}`}`);
    };
    like = (await replayPage(page, { run, branch, base, tally, page: number++, keepsRows, onWebhook })) ?? like;
    if (tally.stopped !== null) break;
  }
  waiting.signal?.throwIfAborted();
  if (like === undefined) return;
  if (keepsRows) await branch.clear();
  const failure = await bookkeepingTrial(branch, like.content, run);
  if (failure !== null) tally.fail(failure);
}

/** The first insert of a connection is slower than any other: it is made before time is taken. */
async function warmUp([first]: readonly SourceWebhook[], run: string, branch: Side, base: Side): Promise<void> {
  if (first === undefined) return;
  for (const side of [branch, base]) {
    await side.replay(first, keyOf(run, 'warm-up'));
    await side.clear();
  }
}

/** What stands there would be told as a webhook that collides. */
function otherReplay(branch: string): HooklineError {
  const message = `Rows of another replay stand on ${branch}, and webhooks would meet them in its unique columns.`;
  return new HooklineError('branch_in_use', message, {
    hint: "Wait until it ends. Those of one that was killed go an hour later, or by DELETE FROM ai_content WHERE idempotency_key LIKE 'hookline-replay:%' on the branch.",
  });
}

/** Whether ai_content has unique keys beside the receiver's: then what is stored may keep out what comes later. */
function hasUniqueOfItsOwn(schema: Schema): boolean {
  const keys = schema.get('ai_content')?.keys ?? [];
  return keys.some(({ kind, columns }) => kind === 'unique' && columns.join() !== 'idempotency_key');
}

function contentOf(schema: Schema): ContentTable | undefined {
  const table = schema.get('ai_content');
  return table && contentTable(table);
}

/** What the receiver needs and the branch has not: told once, and not by each webhook. */
function lackOf(branch: string, table: ContentTable | undefined): ReplayFailure[] {
  const failure = (code: string, message: string) => ({ id: null, channelId: null, event: null, code, message });
  if (table === undefined) return [failure('missing_table', `${branch} has no table ai_content.`)];
  return missingColumns(table).map((name) =>
    failure('missing_column', `ai_content of ${branch} has no column ${name}, which the receiver needs.`),
  );
}
