import type { ReplayReport } from '../../schema/replay/report.js';
import { summaryOf } from '../../schema/replay/report.js';
import { type Cell, tableOf } from '../table.js';

/** What came out of a replay: its one line, and a table for each kind of finding. */
export function replayText(report: ReplayReport): string {
  const { failed, different, cut, counts, speed } = report;
  const parts: [title: string, table: string][] = [];
  if (failed.length > 0) {
    const rows = failed.map(({ id, channelId, event, code, message }): Cell[] => [id, channelId, event, code, message]);
    parts.push([`Failed${first(failed, counts.failed)}`, tableOf(['id', 'channel', 'event', 'code', 'message'], rows)]);
  }
  if (different.length > 0) {
    const rows = different.map(({ id, column, stored, replayed }): Cell[] => [id, column, sql(stored), sql(replayed)]);
    parts.push([
      `Different${first(different, counts.different)}`,
      tableOf(['id', 'column', 'stored', 'replayed'], rows),
    ]);
  }
  if (cut.length > 0) {
    const rows = cut.map((each): Cell[] => [each.id, each.column, each.by, each.givenCharacters, each.keptCharacters]);
    parts.push([`Cut${first(cut, counts.cut)}`, tableOf(['id', 'column', 'by', 'characters', 'kept'], rows)]);
  }
  const columns: Cell[][] = [
    ...report.newColumns.map(({ column, filled, empty }) => [column, 'new', filled, empty]),
    ...report.droppedColumns.map(({ column, filled }) => [column, 'dropped', filled, null]),
  ];
  if (columns.length > 0) parts.push(['Columns', tableOf(['column', 'is', 'filled', 'empty'], columns)]);
  if (speed !== null) {
    const rows: Cell[][] = [
      ['main', speed.baseMedianMs, speed.baseP95Ms],
      [report.branch, speed.branchMedianMs, speed.branchP95Ms],
    ];
    const title = `Time of an insert: × ${speed.ratio} (the median of each webhook's own), slower from × ${speed.slowerThan}`;
    parts.push([title, tableOf(['schema', 'median ms', 'p95 ms'], rows)]);
  }
  return [summaryOf(report), ...parts.map(([title, table]) => `${title}\n${table}`)].join('\n\n');
}

function first(shown: readonly unknown[], all: number): string {
  return all > shown.length ? ` (the first ${shown.length} of ${all})` : '';
}

function sql(value: string | null): string {
  return value === null ? 'NULL' : value === '' ? "''" : value;
}
