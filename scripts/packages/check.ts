import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tryConsumers } from './consumers.js';
import { contentProblems } from './contents.js';
import { installInto, npm } from './install.js';
import { licenceProblems } from './licences.js';
import { lintProblems } from './lint.js';
import { packAll } from './pack.js';

// `npm run release:check`: packs the three packages as they are built, looks at them, installs them into an empty folder and uses them there. `-- --out <folder>` keeps
// the tarballs, and a list of what an installation is made of (SBOM).

/** What docs/deployment.md says of an installation, rounded up: a dependency that brings much more is to be noticed. */
const MOST_PACKAGES = 240;
const MOST_MEGABYTES = 95;

const MEGABYTE = 1_000_000;
const MOST_TOLD = 10;

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const scratch = mkdtempSync(join(tmpdir(), 'hookline-packages-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  console.error(`${what}:`);
  for (const problem of problems.slice(0, MOST_TOLD)) console.error(`  ${problem}`);
  if (problems.length > MOST_TOLD) console.error(`  and ${problems.length - MOST_TOLD} more`);
  process.exit(1);
}

const packed = packAll(scratch);
for (const one of packed) {
  const megabytes = (one.unpackedBytes / MEGABYTE).toFixed(1);
  console.log(`${one.name} ${one.version}: ${one.files.length} files, ${megabytes} MB unpacked`);
  refuse(`Files of ${one.name}`, contentProblems(one));
  refuse(`The manifest of ${one.name}`, await lintProblems(one));
}

const installed = installInto(join(scratch, 'hookline-installed'), packed);
const count = Object.keys(installed.packages).length;
const megabytes = installed.bytes / MEGABYTE;
console.log(`installed: ${count} packages, ${megabytes.toFixed(0)} MB`);
refuse('Too much', count > MOST_PACKAGES ? [`more than ${MOST_PACKAGES} packages`] : []);
refuse('Too much', megabytes > MOST_MEGABYTES ? [`more than ${MOST_MEGABYTES} MB`] : []);
refuse('Licences', licenceProblems(installed));

tryConsumers(installed.folder);
console.log('imported, with types, from an ES module and from CommonJS');

npm(installed.folder, ['exec', '--offline', '--', 'hookline', 'demo', '--exit']);
console.log('npx hookline demo: all of it was seen to happen');

if (values.out !== undefined) {
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  for (const { tarball } of packed) cpSync(tarball, join(out, tarball.slice(scratch.length + 1)));
  for (const [format, ending] of [
    ['cyclonedx', 'cdx'],
    ['spdx', 'spdx'],
  ] as const) {
    const bill = npm(installed.folder, ['sbom', '--sbom-format', format]);
    // Where the tarballs stood meanwhile is nobody's business.
    writeFileSync(
      join(out, `hookline-${packed[0]?.version}.${ending}.json`),
      bill.replaceAll(`file:${scratch}/`, 'file:'),
    );
  }
  console.log(`kept in ${out}`);
}
