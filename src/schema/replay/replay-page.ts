import { differencesOf, shortened } from './compare.js';
import { type ContentTable, contentColumns, SPECIFIED_COLUMNS, type StoredRow } from './content-table.js';
import { cutsOf } from './cuts.js';
import { ownColumns } from './own-values.js';
import type { Replayed, Stored } from './replayed.js';
import { keyInPage, type ReadBack, readBack } from './replayed-rows.js';
import type { Side } from './side.js';
import type { SourceWebhook } from './source.js';
import type { Tally } from './tally.js';

/** With a baseline every webhook is inserted so often on both sides. */
export const ROUNDS = 3;

export interface PageRun {
  readonly run: string;
  readonly branch: Side;
  readonly base: Side | null;
  readonly tally: Tally;
  /** The number of the page, which its rows' keys have. */
  readonly page: number;
  /** Whether its rows stay on the branch until the end, for those of other pages to meet in a unique column. */
  readonly keepsRows: boolean;
  /** Told before each webhook; throws to break off. */
  readonly onWebhook: (at: number, round: number) => void;
}

interface Went {
  readonly webhook: SourceWebhook;
  readonly branch: Replayed;
  /** Null without a baseline. */
  readonly base: Replayed | null;
}

/**
 * Replays a page: in the first round what was stored is read back and compared, the others are for speed alone. A round is taken away before the next one, so that no
 * row meets itself in a unique column; the last one stays where `keepsRows` says so. Gives one that was stored, where there is one. Throws when the database cannot be reached.
 */
export async function replayPage(page: readonly SourceWebhook[], run: PageRun): Promise<Stored | undefined> {
  const { base, tally } = run;
  const went: Went[] = [];
  for (const [at, webhook] of page.entries()) {
    run.onWebhook(at, 1);
    const one = { webhook, ...(await onBoth(webhook, at, 0, run)) };
    went.push(one);
    tallyUnstored(one, tally);
    if (tally.stopped !== null) break;
  }
  await compare(went, run);
  await roundEnds(0, run);
  if (base !== null) await time(went, run);
  return went.map((one) => one.branch).find((one) => one.kind === 'stored');
}

async function roundEnds(round: number, { branch, base, page, keepsRows }: PageRun): Promise<void> {
  const isLast = base === null || round === ROUNDS - 1;
  await Promise.all([isLast && keepsRows ? undefined : branch.clear(page), base?.clear(page)]);
}

/** One after the other, the first side in turn, so that neither has the warmer machine. */
async function onBoth(
  webhook: SourceWebhook,
  at: number,
  round: number,
  { run, page, branch, base }: PageRun,
): Promise<{ branch: Replayed; base: Replayed | null }> {
  const key = keyInPage(run, page, `${at}.${round}`);
  if (base === null) return { branch: await branch.replay(webhook, key), base: null };
  if ((at + round) % 2 === 0) {
    const before = await base.replay(webhook, key);
    return { branch: await branch.replay(webhook, key), base: before };
  }
  const after = await branch.replay(webhook, key);
  return { branch: after, base: await base.replay(webhook, key) };
}

function tallyUnstored({ webhook, branch, base }: Went, tally: Tally): void {
  const { id, stored } = webhook;
  if (stored !== null) tally.heldBefore(stored);
  if (branch.kind === 'stored') return;
  if (branch.kind === 'acknowledged' && stored === null) {
    tally.acknowledged++;
    return;
  }
  const { code, message } =
    branch.kind === 'failed'
      ? branch
      : { code: 'not_stored', message: 'The handler took it for one that is not to be stored.' };
  if (stored === null && base?.kind === 'failed') tally.failedBeforeToo(base.code);
  else tally.failedWebhook({ id, ...envelopeOf(webhook), code, message: shortened(message) ?? '' });
}

function envelopeOf({ body }: SourceWebhook): { channelId: string | null; event: string | null } {
  const { channel_id: channelId, event } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
  return { channelId: textOrNull(channelId), event: textOrNull(event) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 200) : null;
}

async function compare(went: readonly Went[], { branch, base, tally }: PageRun): Promise<void> {
  const after = await readBack(branch.sql, contentColumns(branch.table), keysOf(went.map((one) => one.branch)));
  const needed = went.filter(({ webhook }) => webhook.stored === null || webhook.isChanged);
  const before =
    base === null
      ? new Map<string, ReadBack>()
      : await readBack(base.sql, contentColumns(base.table), keysOf(needed.map((one) => one.base)));
  for (const { webhook, branch: replayed, base: onBase } of went) {
    if (replayed.kind !== 'stored') continue;
    const found = after.get(replayed.key);
    if (found === undefined) {
      const message = 'The database said that it has stored the row, and it is not there.';
      tally.failedWebhook({ id: webhook.id, ...envelopeOf(webhook), code: 'row_missing', message });
      continue;
    }
    const ofBase = onBase?.kind === 'stored' ? (before.get(onBase.key)?.row ?? null) : null;
    const reference = webhook.stored !== null && !webhook.isChanged ? webhook.stored : ofBase;
    tallyStored(webhook, replayed, found, reference, branch.table, tally);
  }
}

function tallyStored(
  { id, stored }: SourceWebhook,
  { content }: Stored,
  found: ReadBack,
  reference: StoredRow | null,
  table: ContentTable,
  tally: Tally,
): void {
  const cut = cutsOf(id, content, found, reference, table);
  // Of a file whose webhook production's schema cannot hold, as of one without a baseline, nothing could be otherwise.
  const nothing = stored === null ? [] : null;
  const added = new Set(Object.keys(content.columns).map((name) => name.toLowerCase()));
  // What a mapping of before did not fill, and that of now does, is no worse.
  const columns =
    reference === null
      ? []
      : [
          ...SPECIFIED_COLUMNS,
          ...[...added].filter((name) => reference[name] !== null),
          ...ownColumns(reference, tally.from).filter((name) => !added.has(name) && !isSpecified(name)),
        ];
  const tables = { from: tally.from, to: table };
  const skip = new Set(cut.map(({ column }) => column));
  const different = reference === null ? nothing : differencesOf(id, reference, found.row, tables, columns, skip);
  tally.storedWebhook(found.row, different, cut);
}

const isSpecified = (name: string): boolean => (SPECIFIED_COLUMNS as readonly string[]).includes(name);

function keysOf(replayed: readonly (Replayed | null)[]): string[] {
  return replayed.flatMap((one) => (one?.kind === 'stored' ? [one.key] : []));
}

/** The other rounds, of those that both sides take. */
async function time(went: readonly Went[], run: PageRun): Promise<void> {
  const timed = went.flatMap(({ webhook, branch, base }) =>
    branch.kind === 'stored' && base?.kind === 'stored' ? [{ webhook, branch: [branch.ms], base: [base.ms] }] : [],
  );
  for (let round = 1; round < ROUNDS; round++) {
    for (const [at, one] of timed.entries()) {
      run.onWebhook(at, round + 1);
      const { branch, base } = await onBoth(one.webhook, at, round, run);
      if (branch.kind === 'stored') one.branch.push(branch.ms);
      if (base?.kind === 'stored') one.base.push(base.ms);
    }
    await roundEnds(round, run);
  }
  run.tally.timings.push(...timed.map(({ branch, base }) => ({ branch, base })));
}
