import type { LintFinding } from '../provider.js';
import type { SchemaChange } from '../table/schema.js';
import { sortFindings } from './findings.js';
import { sqlName } from './words.js';

/** What stored data the changes of a deployment take away, as warnings, sorted. */
export function lintChanges(changes: readonly SchemaChange[]): LintFinding[] {
  return sortFindings(changes.filter(({ canDropData }) => canDropData).flatMap(lossesOf));
}

function lossesOf({ table, operation, losses }: SchemaChange): LintFinding[] {
  // A change that says no more than that it can lose data is told all the same.
  const told = losses.length > 0 ? losses : [operation === 'DROP' ? `table ${table}` : 'stored values'];
  return told.map((loss) => {
    const column = columnOf(loss);
    return {
      code: 'DATA_LOSS',
      severity: 'warning',
      table,
      column,
      line: null,
      message: `${operation} TABLE ${sqlName(table)} takes away stored data: ${loss}.`,
      hint: hintFor(table, column, loss),
    };
  });
}

const DROPPED = 'column ';

/** `column quality_score` is a column that goes, `body: longtext to text` one that holds less. */
function columnOf(loss: string): string | null {
  if (loss.startsWith(DROPPED)) return loss.slice(DROPPED.length);
  const colon = loss.indexOf(': ');
  return colon > 0 ? loss.slice(0, colon) : null;
}

function hintFor(table: string, column: string | null, loss: string): string {
  if (column === null) {
    return `Copy what is needed of ${sqlName(table)} first, and deploy when nothing reads it any more.`;
  }
  const name = sqlName(column);
  if (loss.startsWith(DROPPED)) {
    return `Deploy first code that neither reads nor writes ${name}; copy what is needed of it; then deploy this. A column that is to have another name is added, filled and read first, and only then is the old one dropped.`;
  }
  if (loss.endsWith(': NULL to NOT NULL')) {
    return `Fill the rows without a value first: UPDATE ${sqlName(table)} SET ${name} = … WHERE ${name} IS NULL;`;
  }
  return `Keep ${name} as it is; or add a column of the new type, fill it, read it, and drop ${name} in a later deploy request.`;
}
