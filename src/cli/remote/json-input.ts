import { HooklineError } from '../../errors.js';
import { printableLine } from '../printable.js';
import { readTextFile, UnreadableFile } from '../read-file.js';

/** More than the API takes of anything. */
const LARGEST_MIB = 4;

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

async function readText(path: string): Promise<string> {
  const isStdin = path === '-';
  const name = isStdin ? 'Standard input' : printableLine(path);
  return readTextFile(isStdin ? process.stdin : path, LARGEST_MIB).catch((error: unknown) => {
    if (!(error instanceof UnreadableFile)) throw error;
    const hint = 'Name a file of JSON in UTF-8, as @file.json.';
    throw new HooklineError('file_unreadable', `${name} ${error.message}.`, { hint });
  });
}
