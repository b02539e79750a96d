import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../harness/program.js';
import type { ApiDocument } from './api-document.js';
import { type Block, placeOf } from './blocks.js';
import { hooklineArguments, refusalOf, requestOf } from './command-lines.js';
import { type Call, readShell } from './shell-reading.js';

const SCRIPTS: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);
const HOOKLINE_HOSTS = ['127.0.0.1:8080', 'localhost:8080', 'hooks.example.com', 'hookline.example.com'];
const OF_THE_REPOSITORY = /^(bench|bin|deploy|docs|examples|migrations|ops|packages|scripts|src|test)\/[\w./-]+\.\w+$/;

/** What is wrong with the commands of a block, none of which is run. */
export async function wrongCalls(block: Block, api: ApiDocument, runFolder: string): Promise<string[]> {
  let calls: Call[];
  try {
    calls = readShell(block, runFolder);
  } catch (error) {
    return [String(error)];
  }
  const found = await Promise.all(calls.map((call) => wrongWith(call, block, api)));
  const looked = found.filter((one) => one !== undefined);
  const wrong = looked.filter((one) => one !== '');
  if (looked.length === 0) wrong.push('nothing in it can be checked: it belongs on the list of test/docs/not-run.ts');
  return wrong.map((one) => `${placeOf(block)} ${one}`);
}

/** Undefined: nothing of it can be checked. Empty: it is well. */
async function wrongWith(call: Call, block: Block, api: ApiDocument): Promise<string | undefined> {
  const args = hooklineArguments(call);
  const request = requestOf(call);
  const missing = filesOf(call).filter(
    (file) => !existsSync(join(ROOT, file)) && !existsSync(join(ROOT, dirname(block.file), file)),
  );
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  if (args !== undefined) {
    const refusal = await refusalOf(args);
    return refusal === undefined ? '' : `hookline ${args.join(' ')}: ${refusal.trim()}`;
  }
  if (request !== undefined && HOOKLINE_HOSTS.includes(request.url.host)) {
    const refusal = api.wrongWith(request);
    return refusal === undefined ? '' : `curl: ${refusal}`;
  }
  const [program, verb = '', script = ''] = call.argv;
  if (program === 'npm' && verb === 'run' && block.file.startsWith('examples/')) return undefined;
  if (program === 'npm' && verb === 'run')
    return script in SCRIPTS.scripts ? '' : `package.json has no script ${script}`;
  if (program === 'npm' && ['ci', 'install', 'test'].includes(verb)) return '';
  return filesOf(call).length > 0 ? '' : undefined;
}

/** Files of this repository that a call names. */
function filesOf({ argv }: Call): string[] {
  return argv.filter((word) => OF_THE_REPOSITORY.test(word));
}
