import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { ROOT } from '../harness/program.js';
import { textOf, unknownVariables } from './files.js';

const DOCKERFILE = textOf('Dockerfile');

test('the linter finds nothing in the Dockerfile', () => {
  expect(validate(DOCKERFILE)).toEqual([]);
});

test('what it copies from the repository is there, every workspace of the lock file among it', () => {
  const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );
  expect(copied.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
  const lock: { packages: Record<string, { resolved?: string; link?: boolean }> } = JSON.parse(
    textOf('package-lock.json'),
  );
  const workspaces = Object.values(lock.packages).flatMap(({ link, resolved }) => (link && resolved ? [resolved] : []));
  expect(copied).toEqual(expect.arrayContaining(workspaces.map((folder) => `${folder}/package.json`)));
});

test('it runs as a user that is not root, and node gets the signals', () => {
  expect(/^USER (\d+):\d+$/m.exec(DOCKERFILE)?.[1]).toMatch(/^[1-9]/);
  expect(DOCKERFILE).toMatch(/^ENTRYPOINT \["node", /m);
});

test('the variables that it sets are ones that are read', () => {
  const names = [...DOCKERFILE.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) => line.split(' '));
  expect(unknownVariables(names.map((pair) => pair.split('=')[0] ?? ''))).toEqual([]);
});
