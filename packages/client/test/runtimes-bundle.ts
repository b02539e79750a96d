import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A bundle of a program for any runtime; a Node built-in would fail it. */
export async function bundle(contents: string, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    stdin: { contents, resolveDir: HERE },
    ...{ bundle: true, minify: true, format, platform: 'neutral', target: 'es2022', write: false },
    conditions: ['hookline-source', 'workerd', 'worker', 'edge-light', 'import'],
  });
  return outputFiles[0]?.text ?? '';
}
