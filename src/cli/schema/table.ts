import Table from 'cli-table3';
import stringWidth from 'string-width';

const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const;
const ENDS = ['', '-mid', '-left', '-right'] as const;
const NO_BORDERS = Object.fromEntries(SIDES.flatMap((side) => ENDS.map((end) => [side + end, ''])));

export type Cell = string | number | boolean | null;

/** So narrow a column is at least that long texts are wrapped in. */
const NARROWEST = 30;
const BETWEEN = '   ';

/**
 * Rows under a head, in columns without borders or colours. A cell may have several lines. Where `width` is given, by default that of the terminal, a wider table has its last column
 * wrapped; one that is too wide even so is told row by row, one cell a line.
 */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number | undefined = process.stdout.columns,
): string {
  const names = head.map((name) => name.toUpperCase());
  const table = [names, ...rows];
  if (width === undefined || narrowestOf(table) <= width) return columns(table, width);
  return rows
    .map((row) =>
      columns(
        row.map((cell, at) => [names[at] ?? '', cell]),
        width,
      ),
    )
    .join('\n\n');
}

/** Names and values, one pair a line. */
export function pairsOf(pairs: readonly (readonly [name: string, value: Cell])[]): string {
  return columns(pairs, process.stdout.columns);
}

/** How narrow a table may be, with its last column wrapped. */
function narrowestOf(rows: readonly (readonly Cell[])[]): number {
  const widths = widthsOf(rows.map((row) => row.map(textOf)));
  return before(widths) + Math.min(NARROWEST, widths.at(-1) ?? 0);
}

function columns(rows: readonly (readonly Cell[])[], width: number | undefined): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = widthsOf(texts);
  const wraps = width !== undefined && before(widths) + (widths.at(-1) ?? 0) > width;
  const last = wraps ? Math.max(NARROWEST, width - before(widths)) : Number.POSITIVE_INFINITY;
  const table = new Table({
    chars: { ...NO_BORDERS, middle: BETWEEN },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    ...(wraps ? { wordWrap: true, colWidths: [...widths.slice(0, -1), last] } : {}),
  });
  table.push(...texts.map((row) => row.map((text, at) => (at < row.length - 1 ? text : wordsOfAtMost(last, text)))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function widthsOf(texts: readonly (readonly string[])[]): number[] {
  return (texts[0] ?? []).map((_, at) => Math.max(...texts.map((row) => widthOf(row[at] ?? ''))));
}

/** How wide all columns are but the last. */
function before(widths: readonly number[]): number {
  return widths.slice(0, -1).reduce((sum, each) => sum + each + BETWEEN.length, 0);
}

/** A table that wraps cuts off what is longer than its column without a space: a name, a statement of JSON. Here it goes on in the next line. */
function wordsOfAtMost(width: number, text: string): string {
  if (widthOf(text) <= width) return text;
  return text.replace(/\S+/gu, (word) => {
    let line = 0;
    return [...word]
      .map((sign) => {
        const wide = widthOf(sign);
        const breaks = line + wide > width;
        line = breaks ? wide : line + wide;
        return breaks ? `\n${sign}` : sign;
      })
      .join('');
  });
}

/** How many columns of a terminal the longest line takes. */
function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

function textOf(cell: Cell): string {
  if (cell === null || cell === '') return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return printable(String(cell)).replaceAll('\t', '  ');
}

/** A time as tables have it: to the minute, in UTC. What is no time stays as it is. */
export function minuteOf(time: string): string {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? time : parsed.toISOString().slice(0, 16).replace('T', ' ');
}

/** Without what would do something to a terminal. Lines and tabs stay; Windows' ends of lines become those of all others. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/(?![\n\t])\p{C}/gu, '?');
}
