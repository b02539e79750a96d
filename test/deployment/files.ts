import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { VARIABLES } from '../../src/config/environment.js';
import { ROOT } from '../harness/program.js';

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The documents of a YAML file, with its anchors and merge keys followed. Throws where it is none. */
export function documentsOf(file: string): unknown[] {
  return parseAllDocuments(textOf(file), { merge: true }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS();
  });
}

/** Names that Hookline does not read, nor Node. */
export function unknownVariables(names: readonly string[]): string[] {
  const known = new Set<string>([...VARIABLES.map(({ name }) => name), 'NODE_ENV', 'NODE_OPTIONS']);
  return names.filter((name) => !known.has(name));
}
