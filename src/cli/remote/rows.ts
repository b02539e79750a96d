import { type Cell, tableOf, widthOf } from '../table.js';
import { fitted, lineTexts, narrowest } from './fit.js';
import { painted, type Style, safeJson } from './style.js';

/** A column of a table, of what the server has. */
export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => Cell | undefined;
  /** Colours a cell, where there are colours. */
  readonly style?: (row: Row) => Style | undefined;
  /** May be cut to so few characters where the terminal is too narrow. */
  readonly cutTo?: number;
  /** Is left out where the terminal is too narrow for it. */
  readonly isOptional?: boolean;
}

/** Prints a list that comes in parts. */
export interface RowPrinter<Row> {
  add(rows: readonly Row[]): void;
  /** `nextCursor` goes into JSON; undefined: there are no pages. */
  end(nextCursor?: string | null): void;
}

/** One JSON document, `{"data": […], "next_cursor": …}` as the API has it, written row by row: a list may be longer than what fits into memory. */
export function jsonPrinter<Row>(): RowPrinter<Row> {
  let before = '{"data":[';
  const begin = () => {
    process.stdout.write(before);
    before = ',';
  };
  return {
    add(rows) {
      for (const row of rows) {
        begin();
        process.stdout.write(safeJson(JSON.stringify(row)));
      }
    },
    end(nextCursor) {
      if (before !== ',') begin();
      const cursor = nextCursor === undefined ? '' : `,"next_cursor":${safeJson(JSON.stringify(nextCursor))}`;
      process.stdout.write(`]${cursor}}\n`);
    },
  };
}

/** A table that is fitted to the terminal, its head above the first part alone. Without a terminal nothing is cut or left out. */
export function tablePrinter<Row>(columns: readonly Column<Row>[]): RowPrinter<Row> {
  let chosen: readonly Column<Row>[] | undefined;
  let widths: readonly number[] = [];
  return {
    add(rows) {
      if (rows.length === 0) return;
      const width = process.stdout.isTTY ? process.stdout.columns : undefined;
      const isHeadless = chosen !== undefined;
      chosen ??= withRoom(columns, rows, width);
      const shown = chosen;
      const fits = fitted(
        shown.map((column, at) => ({ least: widths[at] ?? widthOf(column.name), cutTo: column.cutTo })),
        textsOf(shown, rows),
        width,
      );
      widths = fits.widths;
      const names = shown.map(({ name }) => name);
      const table = tableOf(names, fits.texts, width, {
        head: (text) => painted('bold', text),
        cell: (text, row, at) => painted(styleOf(rows[row], shown[at]), text),
        isHeadless,
      });
      process.stdout.write(`${table}\n`);
    },
    end() {},
  };
}

/** Without the optional columns for which the terminal is too narrow, the last first; with all of them where it is too narrow for any table, which is told row by row then. */
function withRoom<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
): readonly Column<Row>[] {
  const needed = columns.filter(({ isOptional }) => isOptional !== true);
  if (width === undefined || widthAtLeast(needed, rows) > width) return columns;
  const left = [...columns];
  while (left.some((column) => column.isOptional) && widthAtLeast(left, rows) > width) {
    left.splice(
      left.findLastIndex((column) => column.isOptional),
      1,
    );
  }
  return left;
}

function widthAtLeast<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number {
  const known = columns.map(({ name, cutTo }) => ({ least: widthOf(name), cutTo }));
  return narrowest(known, textsOf(columns, rows));
}

function textsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[][] {
  return lineTexts(rows.map((row) => columns.map(({ of }) => of(row) ?? null)));
}

function styleOf<Row>(row: Row | undefined, column: Column<Row> | undefined): Style | undefined {
  return row === undefined ? undefined : column?.style?.(row);
}
