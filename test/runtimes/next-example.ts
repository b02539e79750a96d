import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildReceiver } from './built-receiver.js';
import { ROOT } from './program.js';

const EXAMPLE = join(ROOT, 'examples/nextjs-planetscale');
const ROUTE = 'app/api/webhooks/modelriver/route.ts';
export const NEXT = join(ROOT, 'node_modules/next/dist/bin/next');
export const NEXT_ENV = { NEXT_TELEMETRY_DISABLED: '1' };

/** What building leaves in the example's own folder, and a developer's secrets. */
const LEFT_OUT = /\/(\.next|node_modules|next-env\.d\.ts|\.env\.local)$/;

export interface BuiltExample {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Builds a copy of examples/nextjs-planetscale with `next build`, which checks its types, too. Next to the example's route stands the same one
 * on the edge runtime, at `/api/edge/modelriver`. The copy is inside the repository, since packages are looked for upwards.
 */
export async function buildNextExample(): Promise<BuiltExample> {
  await buildReceiver();
  const folder = await mkdtemp(join(ROOT, '.hookline-test-next-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await cp(EXAMPLE, folder, { recursive: true, filter: (file) => !LEFT_OUT.test(file) });
    const route = await readFile(join(EXAMPLE, ROUTE), 'utf8');
    await mkdir(join(folder, 'app/api/edge/modelriver'), { recursive: true });
    await writeFile(join(folder, 'app/api/edge/modelriver/route.ts'), `export const runtime = 'edge';\n${route}`);
    await promisify(execFile)(process.execPath, [NEXT, 'build'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...NEXT_ENV },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, remove };
}
