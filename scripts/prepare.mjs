// What `npm ci` ends with in a clone: the build, and the git hooks. npx links the clone into its cache and prepares it too, with npm 10 at
// every call (11 s): what is built already is left as it is then.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const calledByNpx = process.env.npm_command === 'exec';
if (!(calledByNpx && existsSync('dist/cli/main.js'))) {
  execSync('npm run build', { stdio: 'inherit' });
  await import('./install-git-hooks.mjs');
}
