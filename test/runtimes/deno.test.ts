import { join } from 'node:path';
import { inject } from 'vitest';
import { buildReceiver } from './built-receiver.js';
import { httpReceiver } from './http-receiver.js';
import { startProgram } from './program.js';
import { describeRuntime } from './scenario.js';

/** Packages from node_modules, as npm put them there; loopback alone; nothing may be asked for or fetched. */
const FLAGS = ['--node-modules-dir=manual', '--no-remote', '--no-prompt', '--allow-env', '--allow-net=127.0.0.1'];

describeRuntime({
  name: 'Deno',
  hasWaitUntil: false,
  async start(env) {
    await buildReceiver();
    const deno = { DENO_DIR: join(inject('runFolder'), 'deno'), DENO_NO_UPDATE_CHECK: '1' };
    const command = ['node_modules/.bin/deno', 'run', ...FLAGS, 'test/runtimes/programs/deno.mjs'] as const;
    return httpReceiver(await startProgram(command, { env: { ...env, ...deno } }));
  },
});
