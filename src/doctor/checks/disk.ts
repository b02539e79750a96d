import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { finding, ok, skipped } from '../catalogue.js';
import type { Check } from '../context.js';

const MEBIBYTE = 1_048_576;

/** The room that the embedded database has. That of a PostgreSQL server cannot be seen from here. */
export const disk: Check = {
  area: 'disk',
  needs: 'nothing',
  async run({ config, limits }) {
    if (config.databaseUrl !== undefined)
      return [skipped('disk', "The disk of PostgreSQL's server cannot be seen from here.")];
    if (!existsSync(config.dataDir)) return [skipped('disk', `There is no folder ${config.dataDir}.`)];
    const { bavail, bsize } = await statfs(config.dataDir);
    const free = Math.floor((bavail * bsize) / MEBIBYTE);
    const found = `The disk of ${config.dataDir} has ${free.toLocaleString('en-US')} MiB left`;
    const mend = 'Make room, or move the folder: retention (docs/operations.md) bounds how much is kept.';
    if (free < limits.fullMib) return [finding('disk', 'disk.full', `${found}: soon nothing can be written.`, mend)];
    if (free < limits.lowMib) return [finding('disk', 'disk.low', `${found}.`, mend)];
    return [ok('disk', `${found}.`)];
  },
};
