import type { EventType } from '../queries.js';

/** Event types by their category, categories and types in alphabetical order. */
export function byCategory(
  types: readonly EventType[],
): readonly (readonly [category: string, types: readonly EventType[]])[] {
  const categories = new Map<string, EventType[]>();
  for (const type of [...types].sort((one, other) => one.event_type.localeCompare(other.event_type))) {
    categories.set(type.category, [...(categories.get(type.category) ?? []), type]);
  }
  return [...categories].sort(([one], [other]) => one.localeCompare(other));
}
