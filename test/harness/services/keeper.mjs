// Runs one server for a test run and ends it when the run ends, however it ends: the pipe on stdin closes even when the
// owner is killed with SIGKILL. Plain JavaScript, so that it starts on Node 20 without a loader.
// argv: one JSON object, { command, args, folder, stopSignal, graceMs, uid?, gid? }; see keep.ts.
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { command, args, folder, stopSignal, graceMs, uid, gid } = JSON.parse(process.argv[2]);

const log = openSync(join(folder, 'output.log'), 'a');
const server = spawn(command, args, { cwd: folder, stdio: ['ignore', log, log], uid, gid });
let ended = false;
let stopping = false;

server.on('error', (error) => end(`could not start: ${error.message}`));
server.on('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
// The owner may be gone, and then nobody reads.
process.stdout.on('error', () => undefined);
process.stdin.on('error', stop).on('close', stop).resume();

function end(how) {
  ended = true;
  process.stdout.write(`${how}\n`);
  if (stopping) leave();
}

function stop() {
  if (stopping) return;
  stopping = true;
  if (ended) leave();
  server.kill(stopSignal);
  setTimeout(() => server.kill('SIGKILL'), graceMs);
}

function leave() {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}
