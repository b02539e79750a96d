import { dirname, join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../harness/program.js';
import { type Block, placeOf } from './blocks.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ['hookline-source'],
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  types: ['node'],
  strict: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};
/** "… implicitly has an 'any' type", and its kin: JavaScript has no types to write down. */
const IMPLICIT_ANY = (code: number): boolean => code >= 7000 && code < 7100;

/** What TypeScript says of blocks, each a module of its own, at the lines of their pages. */
export function typeErrors(blocks: readonly Block[]): string[] {
  const files = new Map(
    blocks.map((block, nth) => [join(ROOT, dirname(block.file), `docs-block-${nth}.${block.language}`), block]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile } = host;
  const sourceOf = ({ before, code }: Block): string => (before === '' ? code : `${before}\n${code}`);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => {
    const block = files.get(name);
    return block === undefined ? readFile(name) : sourceOf(block);
  };
  host.getSourceFile = (name, target, ...rest) => {
    const block = files.get(name);
    return block === undefined
      ? getSourceFile(name, target, ...rest)
      : ts.createSourceFile(name, sourceOf(block), target);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files].flatMap(([name, block]) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => block.language !== 'js' || !IMPLICIT_ANY(code))
      .map((diagnostic) => told(diagnostic, block));
  });
}

function told({ file, start, messageText }: ts.Diagnostic, block: Block): string {
  const hidden = block.before === '' ? 0 : block.before.split('\n').length;
  const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line - hidden;
  return `${placeOf({ ...block, line: block.line + line })} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
