import type { Block } from './blocks.js';

/** What a test does with a block. */
export type Kind =
  | 'types'
  | 'sql'
  | 'mysql'
  | 'read-shell'
  | 'run-shell'
  | 'json'
  | 'graphql'
  | 'env'
  | 'yaml'
  | 'file'
  | 'text';

const BY_LANGUAGE: Readonly<Record<string, Kind>> = {
  ts: 'types',
  tsx: 'types',
  js: 'types',
  sql: 'sql',
  sh: 'read-shell',
  json: 'json',
  graphql: 'graphql',
  env: 'env',
  yaml: 'yaml',
  text: 'text',
};

/** Undefined: nothing is done with it, so it has to stand on the list of those that cannot be run. */
export function kindOf({ language, meta }: Block): Kind | undefined {
  if (meta.startsWith('file=')) return 'file';
  if (language === 'sql' && meta === 'mysql') return 'mysql';
  if (language === 'sh' && meta === 'run') return 'run-shell';
  return BY_LANGUAGE[language];
}
