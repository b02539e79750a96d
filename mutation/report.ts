/** A mutant that no test noticed. */
export interface Survivor {
  readonly place: string;
  readonly change: string;
}

export interface Result {
  readonly language: 'TypeScript' | 'SQL';
  readonly killed: number;
  /** Mutants that could not be tried, since they are no SQL; they do not count. */
  readonly invalid: number;
  readonly survivors: readonly Survivor[];
}

/** Of the mutants that could be tried, how many were noticed, from 0 to 100. */
export function scoreOf(results: readonly Result[]): number {
  const killed = results.reduce((sum, result) => sum + result.killed, 0);
  const survived = results.reduce((sum, result) => sum + result.survivors.length, 0);
  return (100 * killed) / (killed + survived);
}

/** One line for an area, and one for each survivor. */
export function textOf(title: string, results: readonly Result[]): string {
  const counts = results.map(
    ({ language, killed, survivors, invalid }) =>
      `${language}: ${killed} killed, ${survivors.length} survived${invalid === 0 ? '' : `, ${invalid} not valid`}`,
  );
  const survivors = results.flatMap((result) => result.survivors).map(({ place, change }) => `  ${place}  ${change}`);
  return [`${title}: ${scoreOf(results).toFixed(1)} % (${counts.join('; ')})`, ...survivors].join('\n');
}
