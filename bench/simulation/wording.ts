import type { Row } from '../report/section.js';

type Values = Readonly<Record<string, unknown>>;

/** How a language says what docs/scale.md has in English. */
export interface Wording {
  /** A phrase with its values in place of `{name}`. */
  say(phrase: string, values?: Values): string;
  /** Names of columns, and of the cells those that are phrases. */
  row(row: Row): Row;
  list(phrases: readonly string[]): string;
}

export const english: Wording = {
  say: fill,
  row: (row) => row,
  list: (phrases) => phrases.join(', '),
};

/** By a list of phrases; throws for a phrase or a column that it lacks. Cells that it lacks are figures. */
export function translated(phrases: Readonly<Record<string, string>>, comma: string): Wording {
  const known = (phrase: string): string => {
    const found = phrases[phrase];
    if (found === undefined) throw new Error(`no translation of “${phrase}”`);
    return found;
  };
  return {
    say: (phrase, values) => fill(known(phrase), values),
    row: (row) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [known(name), phrases[String(cell)] ?? cell])),
    list: (some) => some.map(known).join(comma),
  };
}

function fill(phrase: string, values: Values = {}): string {
  return phrase.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`“${phrase}” wants a value for ${name}`);
    return String(values[name]);
  });
}
