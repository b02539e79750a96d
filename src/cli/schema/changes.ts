import type { SchemaChange } from '../../schema/table/schema.js';
import { printable } from '../printable.js';

/** The statements as a file of SQL, with what each would take away as a comment before it. */
export function statementsOf(changes: readonly Pick<SchemaChange, 'statement' | 'canDropData' | 'losses'>[]): string {
  return changes
    .map(({ statement, canDropData, losses }) => {
      const warning = canDropData ? `-- takes away stored data: ${losses.join(', ') || 'see the statement'}\n` : '';
      return printable(`${warning}${statement};`);
    })
    .join('\n');
}

/** What would be lost, in words; empty when nothing is. */
export function lossesOf(changes: readonly SchemaChange[]): string[] {
  return changes.flatMap(({ table, losses, canDropData }) =>
    canDropData ? (losses.length > 0 ? losses : ['stored data']).map((loss) => `${table}: ${loss}`) : [],
  );
}
