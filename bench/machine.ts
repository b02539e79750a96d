import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Queryable } from '../src/db/database.js';

const LIBRARIES = ['undici', 'pg', 'bullmq', 'pg-boss', 'graphile-worker', 'mysql2', '@planetscale/database'] as const;

/** What figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly postgres: string;
  /** Where it took part. */
  readonly redis?: string;
  readonly libraries: string;
}

export async function machine(db: Queryable, redis?: string): Promise<Machine> {
  const { rows } = await db.query<{ version: string }>("SELECT current_setting('server_version') AS version", []);
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: rows[0]?.version ?? 'unknown',
    ...(redis === undefined ? {} : { redis }),
    libraries: LIBRARIES.map((name) => `${name} ${version(name)}`).join(', '),
  };
}

function version(name: string): string {
  const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
