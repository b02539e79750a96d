import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildReceiver } from './built-receiver.js';
import { ROOT } from './program.js';

/** What the receiver, its PlanetScale store and the driver may weigh, minified and gzipped. */
const MOST_BYTES = 15_000;

const BUNDLES = [
  '{ createWebhookHandler, planetscaleStore }',
  '{ handleWebhook }',
  // What the examples import.
  '{ handleWebhook, drainWebhooks }',
];

interface Bundle {
  readonly bytes: number;
  readonly metafile: Metafile;
}

/** A bundle of these exports, as the bundlers of edge platforms make it; a Node built-in would fail it. */
async function bundle(names: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: `export ${names} from '@hookline/receiver';`, resolveDir: ROOT },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'neutral', target: 'es2022' },
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'edge-light', 'import'],
    ...{ write: false, metafile: true },
  });
  return { bytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength, metafile };
}

describe('the bundle of @hookline/receiver', () => {
  beforeAll(buildReceiver);

  it.each(BUNDLES)('is small with %s', async (names) => {
    const { bytes } = await bundle(names);
    process.stdout.write(`${bytes} bytes minified and gzipped: ${names}\n`);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    // A bundle that lost its parts would be small, too.
    expect(bytes).toBeGreaterThan(MOST_BYTES / 3);
  });

  it('holds nothing but the receiver and the driver', async () => {
    const { metafile } = await bundle('*');
    const files = Object.keys(metafile.inputs).filter((file) => file !== '<stdin>');
    const known = /^(packages\/receiver\/dist|node_modules\/@planetscale\/database\/dist)\//;
    expect(files.filter((file) => !known.test(file))).toEqual([]);
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  });
});
