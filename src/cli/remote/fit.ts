import { BETWEEN, type Cell, textOf, widthOf } from '../table.js';

/** What is known of a column before its cells are. */
export interface FittedColumn {
  /** How wide it is at least: as its head, and as the rows that stand above. */
  readonly least: number;
  /** How narrow it may become; undefined: as wide as its cells are. */
  readonly cutTo: number | undefined;
}

/** Texts of a table, and how wide its columns are by them. */
export interface Fitted {
  readonly texts: string[][];
  readonly widths: readonly number[];
}

/** Cells as texts of one line each, without what would do something to a terminal. */
export function lineTexts(rows: readonly (readonly Cell[])[]): string[][] {
  return rows.map((row) => row.map((cell) => textOf(cell).replace(/\s*\n\s*/g, ' ')));
}

/** How wide a table is in which all is cut that may be. */
export function narrowest(columns: readonly FittedColumn[], texts: readonly (readonly string[])[]): number {
  return together(leastWidths(columns, widthsOf(columns, texts)));
}

/**
 * Where the texts are wider than `width` together, the columns that may be cut, the widest first, are cut to what is left, and end with an ellipsis; where even that is too wide,
 * nothing is cut.
 */
export function fitted(
  columns: readonly FittedColumn[],
  texts: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): Fitted {
  const widths = widthsOf(columns, texts);
  const leasts = leastWidths(columns, widths);
  if (together(leasts) > width)
    return { texts: texts.map((row) => [...row]), widths: columns.map(({ least }) => least) };
  for (let excess = together(widths) - width; excess > 0; excess--) {
    const room = widths.map((wide, at) => (wide > (leasts[at] ?? 0) ? wide : 0));
    const widest = room.indexOf(Math.max(...room));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return { texts: texts.map((row) => row.map((text, at) => padded(cut(text, widths[at] ?? 0), widths[at]))), widths };
}

function widthsOf(columns: readonly FittedColumn[], texts: readonly (readonly string[])[]): number[] {
  return columns.map(({ least }, at) => Math.max(least, ...texts.map((row) => widthOf(row[at] ?? ''))));
}

function leastWidths(columns: readonly FittedColumn[], widths: readonly number[]): number[] {
  return columns.map(({ least, cutTo }, at) => {
    const wide = widths[at] ?? 0;
    return Math.min(wide, Math.max(least, cutTo ?? wide));
  });
}

function together(widths: readonly number[]): number {
  return widths.reduce((all, each) => all + each, 0) + BETWEEN.length * (widths.length - 1);
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let wide = 0;
  for (const sign of text) {
    wide += widthOf(sign);
    if (wide > width - 1) break;
    kept += sign;
  }
  return `${kept}…`;
}

function padded(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
