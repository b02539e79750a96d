import { createReadStream } from 'node:fs';
import { HooklineError } from '../../errors.js';
import { printableLine } from '../printable.js';

/** More than the API takes of anything. */
const LARGEST = 4 * 1024 * 1024;
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read by this user',
};

/** JSON as it was given, in its own digits, and what JavaScript makes of it. */
export interface JsonInput {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Reads what an option takes as JSON: `@file`, `@-` for standard input, or the JSON itself.
 * @throws `file_unreadable`, and `invalid_json` for what is none.
 */
export async function readJson(given: string, option: string): Promise<JsonInput> {
  const text = given.startsWith('@') ? await readText(given.slice(1)) : given;
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    // Without the part that is quoted: it may be of a secret.
    const reason =
      error instanceof SyntaxError ? `: ${printableLine(error.message.replace(/, (\.{3})?".*$/s, ''))}` : '';
    throw new HooklineError('invalid_json', `What ${option} is given is not JSON${reason}.`, {
      hint: `Give a file as ${option} @file.json, standard input as ${option} @-, or JSON in quotes.`,
    });
  }
}

/** As `readJson`, an object. @throws `invalid_json` for anything else. */
export async function readJsonObject(
  given: string,
  option: string,
): Promise<JsonInput & { readonly value: Record<string, unknown> }> {
  const { text, value } = await readJson(given, option);
  if (isObject(value)) return { text, value };
  throw new HooklineError('invalid_json', `What ${option} is given is JSON, but no object.`, {
    hint: 'Give an object: {"status": "completed"}.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Bounded, since a device or a pipe has no end. */
async function readText(path: string): Promise<string> {
  const name = path === '-' ? 'Standard input' : printableLine(path);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      size += chunk.length;
      if (size > LARGEST) throw unreadable(`${name} is larger than 4 MiB.`);
      chunks.push(Buffer.from(chunk));
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof HooklineError) throw error;
    if (error instanceof TypeError && !('syscall' in error)) throw unreadable(`${name} cannot be read as UTF-8.`);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw unreadable(`${name} cannot be read: ${REASONS[code] ?? code}.`);
  }
}

function unreadable(message: string): HooklineError {
  return new HooklineError('file_unreadable', message, { hint: 'Name a file of JSON in UTF-8, as @file.json.' });
}
