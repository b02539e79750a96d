import { createHash } from 'node:crypto';
import type { NewContent } from '@hookline/receiver';
import type { Column } from '../table/schema.js';
import { cutOf, sameValue, truncatedOf } from './compare.js';
import { type ContentTable, isJsonColumn, isNumeric, isTime, type StoredRow } from './content-table.js';
import { bound } from './failure.js';
import { jsonEqual } from './json-equal.js';
import type { KeptText, ReadBack } from './replayed-rows.js';
import type { ReplayCut } from './report.js';

/** What of a replayed row is less than what was given: cut by the handler, where it did not do so before, or by the database, which took it without a word. */
export function cutsOf(
  id: string,
  content: NewContent,
  { row, payload, callbackUrl }: ReadBack,
  before: StoredRow | null,
  table: ContentTable,
): ReplayCut[] {
  return [
    ...cutByHandler(id, content, before),
    ...givenTo(content)
      .filter(([name, given]) => {
        const [kept, column] = [row[name] ?? null, table.get(name)];
        const earlier = before?.[name];
        // What MySQL rounds in a JSON column it has rounded before.
        const isAsBefore = column !== undefined && earlier !== undefined && sameValue(earlier, kept, column, column);
        return !isAsBefore && isLess(given, kept, column);
      })
      .map(([name, given]) => cutOf(id, name, 'database', given, row[name] ?? null)),
    ...notWhole(id, 'payload', content.event.text, payload),
    ...notWhole(id, 'callback_url', content.callbackUrl, callbackUrl),
  ];
}

function cutByHandler(id: string, content: NewContent, before: StoredRow | null): ReplayCut[] {
  const earlier = truncatedOf(before?.['metadata']);
  const kept: Readonly<Record<string, string | null>> = Object.fromEntries(givenTo(content));
  return [...truncatedOf(content.metadata)]
    .filter(([column, length]) => length > (earlier.get(column) ?? 0) && column in kept)
    .map(([column, length]) => ({
      ...cutOf(id, column, 'handler', kept[column] ?? '', kept[column] ?? null),
      given: null,
      givenCharacters: length,
    }));
}

/** The values of content columns that are not NULL, as text. */
function givenTo({ title, body, category, metadata, channelId, eventName, columns }: NewContent): [string, string][] {
  const given: [string, string | number | null][] = [
    ...Object.entries({ title, body, category, metadata, channel_id: channelId, event_name: eventName }),
    ...Object.entries(columns).map(([name, value]): [string, string | number | null] => [
      name.toLowerCase(),
      bound(value),
    ]),
  ];
  return given.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, String(value)]]));
}

function isLess(given: string, kept: string | null, column: Column | undefined): boolean {
  if (column === undefined || given === kept) return false;
  if (kept === null) return true;
  if (isJsonColumn(column)) return !jsonEqual(given, kept);
  if (isNumeric(column)) return !(Math.abs(Number(given) - Number(kept)) <= roundedBy(column, Number(given)));
  // A time of a coarser column is what that column is for; one that is no time any more is not.
  if (isTime(column) || /^date\b/.test(column.type)) return /^0000-00-00/.test(kept);
  if (/binary|blob|^bit\b/.test(column.type)) return false;
  // CHAR keeps no spaces at the end.
  if (/^char\b/.test(column.type)) return given.trimEnd() !== kept.trimEnd();
  // Types as ENUM and UUID write a value in their own way.
  return /^varchar\b|text$/.test(column.type) || kept.length < given.length;
}

/** By how much a value may be rounded as its type is meant to: a FLOAT has six digits. */
function roundedBy({ type }: Column, value: number): number {
  if (/^(float|real)\b/.test(type)) return Math.abs(value) * 1e-5;
  if (/^double\b/.test(type)) return Math.abs(value) * 1e-14;
  const [, scale = '0'] = /^(?:decimal|numeric)\(\d+,\s*(\d+)\)/.exec(type) ?? [];
  return 0.5 * 10 ** -Number(scale) * (1 + 1e-9);
}

/** Texts that have to come back to the byte: of the payload everything else is made again. */
function notWhole(id: string, column: string, given: string, kept: KeptText): ReplayCut[] {
  if (kept.hash === createHash('sha256').update(given).digest('hex')) return [];
  return [{ ...cutOf(id, column, 'database', given, null), keptCharacters: kept.characters ?? 0 }];
}
