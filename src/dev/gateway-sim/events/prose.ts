import type { Random } from './random.js';

const SUBJECTS = [
  'The lighthouse',
  'A quiet harbour',
  'The night train',
  'An old orchard',
  'The glass city',
  'A paper boat',
] as const;
const VERBS = ['remembers', 'waits for', 'turns away from', 'carries', 'listens to', 'outlives'] as const;
const OBJECTS = [
  'the sea at dawn',
  'its last keeper',
  'a promise made in winter',
  'the sound of rain',
  'everyone who left',
] as const;

export function heading(random: Random): string {
  return `${random.pick(SUBJECTS)} ${random.pick(VERBS)} ${random.pick(OBJECTS)}`;
}

export function sentence(random: Random): string {
  return `${heading(random)}, and ${random.pick(SUBJECTS).toLowerCase()} ${random.pick(VERBS)} ${random.pick(OBJECTS)}.`;
}

/** Sentences in one line. */
export function paragraph(random: Random, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(random)).join(' ');
}
