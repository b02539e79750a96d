// Points git at .githooks in a clone; does nothing where the package was unpacked from a tarball.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('.git') && !process.env.CI) execFileSync('git', ['config', 'core.hooksPath', '.githooks']);
