import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MariadbPrograms } from './mariadb-programs.js';
import { type User, unprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);
/** What the server is to run at each start. */
export const INIT_FILE = 'init.sql';

/** A folder that a server can run on; whoever keeps a server on it removes it. */
export interface MariadbData {
  readonly command: string;
  /** Holds `data`, INIT_FILE, and for TLS `cert.pem` and `key.pem`. */
  readonly folder: string;
  readonly user: User | undefined;
  /** Of root@127.0.0.1, the only login. */
  readonly password: string;
}

/** Makes a data folder, with a password of its own and the certificate for TLS. Throws what the installer says. */
export async function initialise(programs: MariadbPrograms, tls?: { cert: string; key: string }): Promise<MariadbData> {
  const user = await unprivilegedUser(['mysql', 'nobody']);
  const password = randomBytes(16).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'hookline-mariadb-'));
  const files = {
    // Read at each start, before anyone may connect: leaves one login, with the password.
    [INIT_FILE]: `DELETE FROM mysql.global_priv WHERE User IN ('root', '');
FLUSH PRIVILEGES;
CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
`,
    ...(tls && { 'cert.pem': tls.cert, 'key.pem': tls.key }),
  };
  try {
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      if (user) await chown(join(folder, name), user.uid, user.gid);
    }
    if (user) await chown(folder, user.uid, user.gid);
    const data = `--datadir=${join(folder, 'data')}`;
    const args = ['--no-defaults', data, '--auth-root-authentication-method=normal', '--skip-test-db'];
    // A server that starts removes what looks like a dead one's temporary tables, so none may share its folder with another.
    await run(programs.installer, args, { cwd: folder, env: { ...process.env, TMPDIR: folder }, ...user });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { command: programs.server, folder, user, password };
}
