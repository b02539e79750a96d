import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { EdgeVM } from '@edge-runtime/vm';
import { Miniflare } from 'miniflare';
import { describe, expect, inject, it } from 'vitest';
import { bundle } from './runtimes-bundle.js';
import type { Case } from './runtimes-program.js';
import { scenario } from './verify-cases.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What verifyWebhook alone may weigh, minified and gzipped. */
const MOST_BYTES = 4_000;

const work = (cases: readonly Case[]): string =>
  `import { verdicts } from './runtimes-program.ts'; const work = () => verdicts(${JSON.stringify(cases)});`;

/** Prints the verdicts from a program of its own. */
async function printed(cases: readonly Case[], command: string, args: readonly string[]): Promise<unknown> {
  const folder = mkdtempSync(join(inject('runFolder'), 'client-'));
  const file = join(folder, 'program.mjs');
  writeFileSync(file, await bundle(`${work(cases)} console.log(JSON.stringify(await work()));`));
  const { stdout } = await promisify(execFile)(command, [...args, file], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' },
  });
  return JSON.parse(stdout);
}

const RUNTIMES: Record<string, (cases: readonly Case[]) => Promise<unknown>> = {
  Node: (cases) => printed(cases, process.execPath, []),
  Bun: (cases) => printed(cases, 'node_modules/.bin/bun', []),
  Deno: (cases) => printed(cases, 'node_modules/.bin/deno', ['run', '--no-remote', '--no-prompt', '--quiet']),
  async "Vercel's edge VM"(cases) {
    const listener =
      "addEventListener('fetch', (event) => event.respondWith(work().then((all) => Response.json(all))));";
    const vm = new EdgeVM({ initialCode: await bundle(work(cases) + listener, 'iife') });
    return (await vm.dispatchFetch('http://edge.test/')).json();
  },
  async 'Cloudflare Workers'(cases) {
    const worker = 'export default { fetch: async () => Response.json(await work()) };';
    const script = await bundle(work(cases) + worker);
    const miniflare = new Miniflare({ modules: true, script, compatibilityDate: '2024-01-01', cf: false });
    try {
      return await (await fetch(await miniflare.ready)).json();
    } finally {
      await miniflare.dispose();
    }
  },
};

describe('verifyWebhook', () => {
  it.each(Object.entries(RUNTIMES))('comes to the same in %s', async (_, run) => {
    const cases = scenario();
    expect(await run(cases.map(([one]) => one))).toEqual(cases.map(([, verdict]) => verdict));
  });

  it('is small', async () => {
    const bytes = gzipSync(await bundle("export { verifyWebhook } from '@hookline/client';"), { level: 9 }).byteLength;
    process.stdout.write(`${bytes} bytes minified and gzipped: verifyWebhook\n`);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytes).toBeGreaterThan(MOST_BYTES / 3);
  });
});
