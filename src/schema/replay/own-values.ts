import type { Column } from '../table/schema.js';
import { type ContentTable, isReceivers, type StoredRow } from './content-table.js';
import { plainDecimal } from './json-equal.js';

/** Whether the database may have put the value there by itself: then nothing is lost with it. */
export function isDefault(value: string | null, column: Column): boolean {
  if (value === null || isGenerated(column)) return true;
  const given = defaultOf(column);
  return given !== null && (isExpression(given) || isWritten(value, given));
}

/**
 * The columns in which the database of `before` put a value of its own that another webhook gets, too: one that is generated of content, a plain default, or
 * NULL. What puts another value there stores the webhook otherwise.
 */
export function ownColumns(before: StoredRow, table: ContentTable): string[] {
  return [...table]
    .filter(([name, column]) => {
      if (isReceivers(name)) return false;
      if (isGenerated(column)) return !isOfTheMoment(column);
      const value = before[name] ?? null;
      const given = defaultOf(column);
      if (given === null || /^null$/i.test(given)) return value === null;
      return value !== null && !isExpression(given) && isWritten(value, given);
    })
    .map(([name]) => name);
}

function isGenerated({ definition }: Column): boolean {
  return /\bGENERATED ALWAYS\b|\bAS \(/i.test(definition);
}

/** Made of time, chance or who asks, or of what is another for each row. */
function isOfTheMoment({ definition }: Column): boolean {
  const words = definition.toLowerCase().match(/\w+/g) ?? [];
  return words.some(
    (word) =>
      isReceivers(word) || /^(now|sysdate|cur|current_|utc_|unix_timestamp|rand|uuid|user|connection_id)/.test(word),
  );
}

/** What follows DEFAULT in a definition: a literal as it is written, or the beginning of an expression. */
function defaultOf({ definition }: Column): string | null {
  const [, given] = /\bDEFAULT ('(?:[^']|'')*'|\(|\S+)/i.exec(definition) ?? [];
  return given ?? null;
}

function isExpression(given: string): boolean {
  return !given.startsWith("'") && /\(|^current_/i.test(given);
}

function isWritten(value: string, given: string): boolean {
  const plain = given.startsWith("'") ? given.slice(1, -1).replaceAll("''", "'") : given;
  const number = plainDecimal(value);
  return value === plain || (number !== null && number === plainDecimal(plain));
}
