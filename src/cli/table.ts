import Table from 'cli-table3';
import stringWidth from 'string-width';
import { printable } from './printable.js';

const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const;
const ENDS = ['', '-mid', '-left', '-right'] as const;
const NO_BORDERS = Object.fromEntries(SIDES.flatMap((side) => ENDS.map((end) => [side + end, ''])));

export type Cell = string | number | boolean | null;

/** So narrow a column is at least that long texts are wrapped in: a UUID stays whole. In a narrower one the terminal breaks lines itself, and whole words are copied. */
const NARROWEST = 36;
export const BETWEEN = '   ';

/** What a table looks like: how texts are coloured once their place is known, `row` and `column` from 0, the head apart. */
export interface TableLook {
  head(text: string): string;
  cell(text: string, row: number, column: number): string;
  /** It goes on below rows that have been printed. */
  readonly isHeadless?: boolean;
}

type PaintAt = (text: string, line: number, at: number) => string;

const PLAIN: TableLook = { head: (text) => text, cell: (text) => text };

/**
 * Rows under a head, in columns without borders. A cell may have several lines. Where `width` is given, by default that of the terminal, a wider table has its last column
 * wrapped; one that is too wide even so is told row by row, one cell a line. Without a `look` there are no colours.
 */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number | undefined = process.stdout.columns,
  { head: headed, cell: painted, isHeadless = false }: TableLook = PLAIN,
): string {
  const names = head.map((name) => name.toUpperCase());
  const heads = isHeadless ? [] : [names];
  const table = [...heads, ...rows];
  if (width === undefined || narrowestOf(table) <= width) {
    return columns(table, width, (text, line, at) =>
      line < heads.length ? headed(text) : painted(text, line - heads.length, at),
    );
  }
  return rows
    .map((row, number) =>
      columns(
        row.map((cell, at) => [names[at] ?? '', cell]),
        width,
        (text, line, at) => (at === 0 ? headed(text) : painted(text, number, line)),
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

function columns(
  rows: readonly (readonly Cell[])[],
  width: number | undefined,
  paint: PaintAt = (text) => text,
): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = widthsOf(texts);
  const room = (width ?? Number.POSITIVE_INFINITY) - before(widths);
  const wraps = room >= NARROWEST && room < (widths.at(-1) ?? 0);
  const last = wraps ? room : Number.POSITIVE_INFINITY;
  const table = new Table({
    chars: { ...NO_BORDERS, middle: BETWEEN },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    ...(wraps ? { wordWrap: true, colWidths: [...widths.slice(0, -1), last] } : {}),
  });
  table.push(
    ...texts.map((row, line) =>
      row.map((text, at) => paint(at < row.length - 1 ? text : wordsOfAtMost(last, text), line, at)),
    ),
  );
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
export function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

export function textOf(cell: Cell): string {
  if (cell === null || cell === '') return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return printable(String(cell)).replaceAll('\t', '  ');
}
