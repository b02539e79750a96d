import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';
import { buildReceiver } from './built-receiver.js';
import { answered } from './http-receiver.js';
import { ROOT } from './program.js';
import { describeRuntime } from './scenario.js';

// The VM has no require, no process and no Node API, and makes no code out of strings: what the receiver needed of them would fail here.
describeRuntime({
  name: "Vercel's edge VM",
  hasWaitUntil: true,
  async start(env) {
    await buildReceiver();
    const program = await build({
      absWorkingDir: ROOT,
      entryPoints: ['test/runtimes/programs/edge-vm.mjs'],
      bundle: true,
      format: 'iife',
      platform: 'browser',
      conditions: ['edge-light', 'workerd', 'worker'],
      write: false,
    });
    const vm = new EdgeVM({
      // Vercel puts the project's variables there, and nothing else of Node's process. What the receiver logs would fill the suite's output.
      extend: (context) => Object.assign(context, { process: { env }, console: { info() {}, warn() {}, error() {} } }),
      initialCode: program.outputFiles[0]?.text ?? '',
    });
    return {
      async post(body, headers) {
        return answered(await vm.dispatchFetch('http://edge.test/', { method: 'POST', headers, body }));
      },
      async drain() {
        const response = await vm.dispatchFetch('http://edge.test/drain');
        if (response.status !== 200) throw new Error(`The drain was answered ${response.status}.`);
      },
      end: () => Promise.resolve(),
    };
  },
});
