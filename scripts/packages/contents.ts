import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Packed, ROOT } from './pack.js';

/** What each package has to have beside what it is for. */
const NEEDED = ['package.json', 'README.md', 'LICENSE'];

/** What may stand in the packages, beside `NEEDED` and what `sourceOf` finds. Vite names the dashboard's files by their content. */
const ALLOWED = [
  /^CHANGELOG\.md$/,
  // npm puts every README in, asked or not.
  /^README\.zh-CN\.md$/,
  /^bin\/hookline\.js$/,
  /^migrations\/(postgres|mysql|mysql-branches)\/([\w-]+\/)?[\w.-]+\.(sql|json)$/,
  /^ops\/(grafana|prometheus|kubernetes\/\w+|systemd)\/[\w-]+(\.example)?\.(ya?ml|json|service)$/,
  /^ops\/systemd\/hookline\.env\.example$/,
  /^dist\/dashboard\/(index\.html|licences\.md)$/,
  /^dist\/dashboard\/assets\/[\w.-]+\.(js|css|svg)(\.br|\.gz)?$/,
];

/** What is wrong with the files of a package: missing, not meant for it, or left in dist by a source that is gone. */
export function contentProblems({ folder, files }: Packed): string[] {
  const missing = NEEDED.filter((file) => !files.includes(file)).map((file) => `${file} is missing`);
  const strange = files
    .filter((file) => !NEEDED.includes(file) && !ALLOWED.some((allowed) => allowed.test(file)))
    .filter((file) => !hasSource(folder, file))
    .map((file) => `${file} does not belong there, or its source is gone: delete dist and build anew`);
  return [...missing, ...strange];
}

/** dist/a/b.js and .d.ts stem from src/a/b.ts, and SQL is copied. */
function hasSource(folder: string, file: string): boolean {
  const [, path, extension] = /^dist\/(?!dashboard\/)(.+?)(\.js|\.d\.ts|\.sql)$/.exec(file) ?? [];
  if (path === undefined || extension === undefined) return false;
  return existsSync(join(ROOT, folder, 'src', path + (extension === '.sql' ? extension : '.ts')));
}
