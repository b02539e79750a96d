import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HooklineError } from '../../errors.js';

const MARKER = 'demo.txt';

/**
 * Makes the demo's folder and marks it as the demo's own. Throws `invalid_config` for one that holds another Hookline's data: the demo would
 * make users and deliveries there, and deliver what waits there to private addresses.
 */
export function takeDataFolder(dataDir: string): void {
  const marker = join(dataDir, MARKER);
  if (existsSync(join(dataDir, 'pglite')) && !existsSync(marker)) {
    throw new HooklineError('invalid_config', `The folder ${dataDir} holds a database that the demo did not make.`, {
      hint: 'Choose another folder with --data-dir; one that is not there is made.',
    });
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(marker, 'This folder belongs to `hookline demo`. Delete it to begin anew.\n');
}
