import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { ROOT } from '../harness/program.js';
import { startReceiver } from '../harness/receiver-server.js';
import { JWT_SECRET, sign, userClaims } from '../integration/api-tokens.js';
import { insertStandardRows, USER_ID, WEBHOOK_ID } from './standard-rows.js';

/** What stands for the server in docs. */
export const HOSTS = /https?:\/\/(127\.0\.0\.1:8080|localhost:8080|hooks\.example\.com|hookline\.example\.com)/g;

const SERVICE_KEY = 'the-service-key-of-docs';

/** A server as docs have it, for what they run against it. */
export interface RunningServer {
  /** What a script's environment is. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs: `.hookline/keys.json` and node_modules are there, `hookline` and `npx` on the PATH. */
  readonly folder: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `hookline start` on a PostgreSQL with the standard rows, and a subscriber that answers 200. */
export async function startServer(): Promise<RunningServer> {
  const { url: databaseUrl, drop } = await newPostgresDatabase();
  const subscriber = await startReceiver();
  const db = openPostgres({ connectionString: databaseUrl, poolSize: 1 });
  await insertStandardRows(db, subscriber.url);
  await db.close();
  const secrets = { HOOKLINE_SERVICE_KEY: SERVICE_KEY, HOOKLINE_JWT_SECRET: JWT_SECRET };
  const server = startHooklineProcess(['start'], {
    ...secrets,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
  });
  await server.waitForOutput('http://127.0.0.1:');
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(server.output()) ?? [];
  const folder = folderOf();
  return {
    url,
    folder,
    env: {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      HOOKLINE: url,
      HOOKLINE_URL: url,
      HOOKLINE_SERVICE_KEY: SERVICE_KEY,
      SERVICE_KEY,
      TOKEN: await sign(userClaims(USER_ID)),
      DATABASE_URL: databaseUrl,
      USER_ID,
      WEBHOOK_ID,
    },
    async stop() {
      await server.end('SIGTERM');
      await subscriber.close();
      await drop();
    },
  };
}

function folderOf(): string {
  const folder = mkdtempSync(join(inject('runFolder'), 'docs-'));
  mkdirSync(join(folder, '.hookline'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, '.hookline/keys.json'),
    JSON.stringify({ serviceKey: SERVICE_KEY, jwtSecret: JWT_SECRET }),
  );
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  executable(join(folder, 'bin/hookline'), `exec "${process.execPath}" "${inject('program')}" "$@"`);
  executable(join(folder, 'bin/npx'), 'test "$1" = hookline && shift && exec hookline "$@"');
  // What curl is answered with 4xx or 5xx is a fault of the page.
  executable(join(folder, 'bin/curl'), `PATH="\${PATH#*:}" exec curl --fail-with-body --silent --show-error "$@"`);
  return folder;
}

function executable(path: string, command: string): void {
  writeFileSync(path, `#!/bin/sh\n${command}\n`);
  chmodSync(path, 0o755);
}
