import { printable } from '../printable.js';
import { type Cell, pairsOf } from '../table.js';
import { type Column, jsonPrinter, tablePrinter } from './rows.js';
import { safeJson } from './style.js';

export type { Column } from './rows.js';
export { painted, type Style, safeJson } from './style.js';

export interface OutputOptions {
  readonly json?: boolean | undefined;
  /** Said in place of a table without rows, on standard error. */
  readonly empty?: string;
}

/** Prints a list that is there as a whole: a table that is fitted to the terminal, or with `json` one line `{"data": […]}`. */
export function printRows<Row extends object>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { json = false, empty }: OutputOptions = {},
): void {
  const printer = json ? jsonPrinter<Row>() : tablePrinter(columns);
  printer.add(rows);
  printer.end();
  if (rows.length === 0 && empty !== undefined) note(empty, { json });
}

/** Prints names and values, a pair a line, or with `json` the value itself. */
export function printPairs(
  pairs: readonly (readonly [name: string, value: Cell | undefined])[],
  value: unknown,
  { json = false }: OutputOptions = {},
): void {
  if (json) printJson(value);
  else printLine(pairsOf(pairs.map(([name, cell]) => [name, cell ?? null])));
}

/** Prints what was done, in a sentence, or with `json` what it left. */
export function printDone(text: string, value: unknown, { json = false }: OutputOptions = {}): void {
  if (json) printJson(value);
  else printLine(printable(text));
}

/**
 * Prints a secret, alone on standard output, or with `json` the answer that has it.
 * @throws TypeError when it is none: a script must not take `undefined` for one.
 */
export function printSecret(secret: unknown, answer: unknown, { json = false }: OutputOptions = {}): void {
  if (typeof secret !== 'string' || !/^[\x21-\x7e]+$/.test(secret))
    throw new TypeError('there is no secret in the answer');
  if (json) printJson(answer);
  else printLine(secret);
}

/** Prints one JSON document, on one line. */
export function printJson(value: unknown): void {
  printLine(safeJson(JSON.stringify(value)));
}

/** Prints a text, or lines, as it is: what it holds of a server's has gone through `printable`. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A word to the person beside the result, on standard error; nothing with `json`. */
export function note(text: string, { json = false }: OutputOptions = {}): void {
  if (!json) console.error(printable(text));
}
