import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { Packed } from './pack.js';

/**
 * Ways of resolving that an ESM-only package does without: `node10` knows no `exports`, and `node16` from CommonJS predates `require` of ES modules, which every Node
 * that the packages take has. What CommonJS projects do get, `consumers.ts` tries.
 */
const LEFT_OUT = ['node10', 'node16-cjs'];

/** What publint and are-the-types-wrong say against a package. */
export async function lintProblems({ tarball }: Packed): Promise<string[]> {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  const types = await checkPackage(createPackageFromTarballData(bytes));
  const wrong = types.types === false ? ['has no types'] : types.problems.filter(isOurs).map(({ kind }) => kind);
  return [
    ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
    ...wrong.map((kind) => `are the types wrong: ${kind}`),
  ];
}

function isOurs(problem: object): boolean {
  return !('resolutionKind' in problem && LEFT_OUT.includes(String(problem.resolutionKind)));
}
