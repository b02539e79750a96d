import { membersOf } from '@hookline/receiver';
import type { Column } from '../table/schema.js';
import { type ContentTable, isJsonColumn, isNumeric, isTime, type StoredRow } from './content-table.js';
import { jsonEqual, plainDecimal } from './json-equal.js';
import type { ReplayCut, ReplayDifference } from './report.js';

/** The cut texts of a row as the handler tells them: column → how many characters it had. */
export function truncatedOf(metadata: string | null | undefined): ReadonlyMap<string, number> {
  const truncated = membersOf(membersOf(asObject(metadata)).get('truncated'));
  return new Map([...truncated].map(([column, characters]) => [column, Number(characters)]));
}

/**
 * What the branch holds otherwise than `before`, in the columns of both. `skip` are those that are told as cut. Of `metadata` the handler's own word on what it
 * cut is left out.
 */
export function differencesOf(
  id: string,
  before: StoredRow,
  after: StoredRow,
  tables: { readonly from: ContentTable; readonly to: ContentTable },
  columns: readonly string[],
  skip: ReadonlySet<string>,
): ReplayDifference[] {
  const different: ReplayDifference[] = [];
  for (const name of columns) {
    const [from, to] = [tables.from.get(name), tables.to.get(name)];
    if (from === undefined || to === undefined || skip.has(name)) continue;
    const [stored, replayed] = [before[name] ?? null, after[name] ?? null];
    const same =
      name === 'metadata' && skip.size > 0
        ? sameValue(withoutTruncated(stored), withoutTruncated(replayed), from, to)
        : sameValue(stored, replayed, from, to);
    if (!same) different.push({ id, column: to.name, stored: shortened(stored), replayed: shortened(replayed) });
  }
  return different;
}

/** JSON by its values, numbers by theirs, times without the zeros of a finer column, anything else by its characters. */
export function sameValue(one: string | null, other: string | null, from: Column, to: Column): boolean {
  if (one === null || other === null || one === other) return one === other;
  if (isJsonColumn(from) || isJsonColumn(to)) return jsonEqual(one, other);
  if (isNumeric(from) && isNumeric(to)) {
    const [ours, theirs] = [plainDecimal(one), plainDecimal(other)];
    return ours !== null && ours === theirs;
  }
  if (isTime(from) && isTime(to)) return withoutZeros(one) === withoutZeros(other);
  return false;
}

export function cutOf(id: string, column: string, by: ReplayCut['by'], given: string, kept: string | null): ReplayCut {
  return {
    id,
    column,
    by,
    given: shortened(given),
    kept: shortened(kept),
    givenCharacters: characters(given),
    keptCharacters: characters(kept ?? ''),
  };
}

/** At most 200 characters, none of them split. */
export function shortened(value: string | null): string | null {
  if (value === null || value.length <= 200) return value;
  return `${value.slice(0, 199).replace(/[\ud800-\udbff]$/, '')}…`;
}

export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function withoutZeros(time: string): string {
  return time.replace(/\.0+$|(\.\d*?[1-9])0+$/, '$1');
}

function withoutTruncated(metadata: string | null): string | null {
  if (metadata === null) return null;
  const members = membersOf(asObject(metadata));
  members.delete('truncated');
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/** JSON text of an object, else undefined: `membersOf` takes valid JSON alone. */
function asObject(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
