/** None of these is special in the literal of an array, but for NULL (PostgreSQL manual, Array Input and Output Syntax). */
const PLAIN = /^(?!null$)[\w:.+=-]+$/i;

/**
 * The literal of an array of UUIDs, numbers, times and the like: of elements that need no quotes. `pg` looks in each element for what is to be escaped, which
 * takes longer than all else about it. Throws a TypeError for any other element.
 */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map(plain).join(',')}}`;
}

function plain(value: string | number | null): string | number {
  if (typeof value === 'string' && !PLAIN.test(value))
    throw new TypeError(`an element would have to be quoted: ${value}`);
  return value ?? 'NULL';
}
