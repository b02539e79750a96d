import { buildReceiver } from './built-receiver.js';
import { httpReceiver } from './http-receiver.js';
import { startProgram } from './program.js';
import { describeRuntime } from './scenario.js';

describeRuntime({
  name: 'Node',
  hasWaitUntil: false,
  async start(env) {
    await buildReceiver();
    return httpReceiver(await startProgram([process.execPath, 'test/runtimes/programs/node.mjs'], { env }));
  },
});
