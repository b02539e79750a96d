import { readFile } from 'node:fs/promises';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The first of `names` in /etc/passwd when this process is root, for servers that refuse to run as root; else undefined, and the server
 * runs as whoever runs the tests. Throws when root finds none of them.
 */
export async function unprivilegedUser(names: readonly string[]): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = new Map(
    (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => [line.split(':')[0], line.split(':')]),
  );
  for (const name of names) {
    const entry = passwd.get(name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error(
    `The server must not run as root, and /etc/passwd has none of: ${names.join(', ')}. Run the tests as another user.`,
  );
}
