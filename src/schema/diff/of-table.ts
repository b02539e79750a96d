/** Losses with the name of their table. */
export function ofTable(table: string, losses: readonly string[]): string[] {
  return losses.map((loss) => (loss === `table ${table}` ? loss : `${table}: ${loss}`));
}
