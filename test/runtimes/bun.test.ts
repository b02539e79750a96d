import { buildReceiver } from './built-receiver.js';
import { httpReceiver } from './http-receiver.js';
import { startProgram } from './program.js';
import { describeRuntime } from './scenario.js';

describeRuntime({
  name: 'Bun',
  hasWaitUntil: false,
  async start(env) {
    await buildReceiver();
    return httpReceiver(await startProgram(['node_modules/.bin/bun', 'test/runtimes/programs/bun.mjs'], { env }));
  },
});
