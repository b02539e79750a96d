import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../config.js';
import { codeOf, HooklineError } from '../errors.js';

const Keys = Type.Object({
  serviceKey: Type.String({ minLength: 1 }),
  jwtSecret: Type.String({ minLength: 32 }),
  webhookSecret: Type.String({ minLength: 1 }),
  /** A real gateway refuses callbacks that carry this one; a stand-in of the operator's takes it. */
  apiKey: Type.String({ minLength: 1 }),
});
type Keys = Static<typeof Keys>;

/** Where the embedded shape keeps the keys that it made for itself. */
export function keysFile(dataDir: string): string {
  return join(dataDir, 'keys.json');
}

/**
 * Gives `config` with the keys of the embedded shape: those of the environment, else those of the data folder, which are made when they
 * are not there. The caller holds the folder's lock. Throws `invalid_config` when the file cannot be read or holds something else.
 */
export function withEmbeddedKeys(config: Config): Config {
  const file = keysFile(config.dataDir);
  const kept = readKeys(file);
  const keys: Keys = { serviceKey: newKey(), jwtSecret: newKey(), webhookSecret: newKey(), apiKey: newKey(), ...kept };
  if (Object.keys(kept).length < Object.keys(keys).length) writeKeys(file, keys);
  return Object.freeze({
    ...config,
    serviceKey: config.serviceKey ?? keys.serviceKey,
    jwtSecret: config.jwtSecret ?? keys.jwtSecret,
    webhookSecret: config.webhookSecret ?? keys.webhookSecret,
    apiKey: config.apiKey ?? keys.apiKey,
  });
}

function readKeys(file: string): Partial<Keys> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw unusable(file, error);
  }
  try {
    return Value.Parse(Type.Partial(Keys), JSON.parse(text));
  } catch {
    // No cause: a parse error quotes the text, and the text is keys.
    throw unusable(file);
  }
}

/** Written beside and renamed, so that a crash leaves the whole file or none. */
function writeKeys(file: string, keys: Keys): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}

function newKey(): string {
  return randomBytes(32).toString('hex');
}

function unusable(file: string, cause?: unknown): HooklineError {
  return new HooklineError('invalid_config', `${file} cannot be read, or does not hold Hookline's keys.`, {
    hint: 'Restore it from a backup, or delete it to have new keys made: callers then need the new ones.',
    cause,
  });
}
