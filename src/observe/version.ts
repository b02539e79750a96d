import { createRequire } from 'node:module';

const manifest: { version: string } = createRequire(import.meta.url)('../../package.json');

/** The version of Hookline, as its package has it. */
export const VERSION = manifest.version;
