import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installed } from './install.js';

/** Licences that ask for no more than that their text is passed on. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
]);

/** Packages whose licence is not on the list: installed ones by what npm keeps of them, those bundled into the dashboard by the file that Vite writes. */
export function licenceProblems({ folder, packages }: Installed): string[] {
  const installed = Object.entries(packages).map(([path, { license }]) => [path, license ?? 'none'] as const);
  const text = readFileSync(join(folder, 'node_modules/hookline/dist/dashboard/licences.md'), 'utf8');
  const bundled = [...text.matchAll(/^## (\S+) - \S+(?: \((.+)\))?$/gm)].map(
    ([, name = '', licence = 'none']) => [name, licence] as const,
  );
  if (bundled.length === 0) return ['the licences of what is bundled into the dashboard are not written down'];
  return [...installed, ...bundled]
    .filter(([, licence]) => !ALLOWED.has(licence))
    .map(([name, licence]) => `${name}: ${licence}`);
}
