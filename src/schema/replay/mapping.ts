import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MapRecord } from '@hookline/receiver';
import { HooklineError } from '../../errors.js';

/**
 * The `mapRecord` that an ES module exports, by that name or as default.
 * @param path a .js or .mjs file, from the working directory
 * Throws `replay_handler_unreadable`, with what is wrong.
 */
export async function loadMapping(path: string): Promise<MapRecord> {
  const file = resolve(path);
  const found = await stat(file).catch(() => null);
  if (found === null) throw unreadable(`There is no file ${path}.`, 'Name the module that exports mapRecord.');
  if (!found.isFile())
    throw unreadable(`${path} is no file.`, 'Name the module that exports mapRecord, not its folder.');
  // The time makes a changed file a new module, where one process loads it twice.
  const url = `${pathToFileURL(file).href}?t=${found.mtimeMs}`;
  const module = await load(url, path);
  const mapRecord = module['mapRecord'] ?? memberOf(module['default'], 'mapRecord') ?? module['default'];
  if (typeof mapRecord === 'function') return mapRecord as MapRecord;
  const names = Object.keys(module);
  const message =
    mapRecord === undefined
      ? `${path} exports no mapRecord, ${names.length === 0 ? 'and nothing else' : `but ${names.join(', ')}`}.`
      : `${path} exports a mapRecord that is no function.`;
  throw unreadable(message, 'Export it: export const mapRecord = (record, event) => ({ ...record, columns: {} }).');
}

async function load(url: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(url)) as Record<string, unknown>;
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const isOtherLanguage = error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
    throw new HooklineError('replay_handler_unreadable', `${path} cannot be loaded: ${words.slice(0, 500)}`, {
      hint: isOtherLanguage
        ? 'This Node.js runs JavaScript alone: give a compiled .js or .mjs file.'
        : 'It has to be an ES module that Node.js can import by itself: .mjs, or .js where package.json says "type": "module".',
      cause: error,
    });
  }
}

/** A CommonJS module comes as its default export. */
function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function unreadable(message: string, hint: string): HooklineError {
  return new HooklineError('replay_handler_unreadable', message, { hint });
}
