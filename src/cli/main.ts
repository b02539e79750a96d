import { tolerateBrokenPipes } from './broken-pipe.js';
import { createProgram } from './program.js';
import { runProgram } from './run-program.js';

tolerateBrokenPipes();
process.exitCode = await runProgram(createProgram());
