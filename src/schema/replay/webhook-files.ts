import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { EventError, parseEvent } from '@hookline/receiver';
import { HooklineError } from '../../errors.js';
import { PAGE, type SourceWebhook } from './source.js';

const LINES = new Set(['.jsonl', '.ndjson']);
const TAKEN = new Set(['.json', ...LINES]);
const FORMS = 'A file is one webhook body, a .jsonl file one on each line, a folder holds .json and .jsonl files.';

/**
 * The webhooks in files and folders, in their order, in pages. A file is one webhook, byte for byte, or one on each line that is not empty: a .jsonl or .ndjson file,
 * and any other that is no JSON as a whole while its lines are. Of a folder its .json and .jsonl files by name, no deeper. The same files that `hookline
 * gateway-sim --file` sends.
 * Throws `replay_source_unreadable`, naming file and line, and `replay_source_empty`.
 */
export async function fileWebhooks(paths: readonly string[]): Promise<SourceWebhook[][]> {
  const all: SourceWebhook[] = [];
  for (const path of paths) {
    const found = await ofPath(path);
    if (found.length === 0)
      throw new HooklineError('replay_source_empty', `${path} holds no webhook.`, { hint: FORMS });
    all.push(...found);
  }
  if (all.length === 0) throw new HooklineError('replay_source_empty', 'No file was named.', { hint: FORMS });
  return Array.from({ length: Math.ceil(all.length / PAGE) }, (_, at) => all.slice(at * PAGE, (at + 1) * PAGE));
}

async function ofPath(path: string): Promise<SourceWebhook[]> {
  if (!(await readable(path, stat(path))).isDirectory()) return ofFile(path);
  const names = (await readable(path, readdir(path, { withFileTypes: true })))
    .filter((entry) => !entry.isDirectory() && TAKEN.has(extname(entry.name)))
    .map(({ name }) => name)
    .sort();
  const found: SourceWebhook[] = [];
  for (const name of names) found.push(...(await ofFile(join(path, name))));
  return found;
}

async function ofFile(file: string): Promise<SourceWebhook[]> {
  const content = new Uint8Array(await readable(file, readFile(file)));
  if (isBlank(content)) return [];
  const lines = linesOf(content);
  if (LINES.has(extname(file)) || isOneALine(content, lines)) {
    return lines.filter(({ body }) => !isBlank(body)).map(({ body, line }) => webhook(`${file}:${line}`, body));
  }
  return [webhook(file, content)];
}

function isOneALine(content: Uint8Array, lines: readonly { body: Uint8Array }[]): boolean {
  const filled = lines.filter(({ body }) => !isBlank(body));
  return filled.length > 1 && jsonError(content) !== null && filled.every(({ body }) => jsonError(body) === null);
}

function webhook(id: string, body: Uint8Array<ArrayBuffer>): SourceWebhook {
  const wrong = jsonError(body);
  if (wrong !== null) throw unreadable(`${id} is not JSON: ${wrong}`);
  try {
    parseEvent(body);
  } catch (error) {
    if (error instanceof EventError) throw unreadable(`${id} is no webhook: ${error.message}`);
    throw error;
  }
  return { id, body, stored: null, isChanged: false };
}

/** What is wrong with a text that should be JSON, with the line where it has several; null for JSON. */
function jsonError(content: Uint8Array): string | null {
  const text = new TextDecoder().decode(content);
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const [, position] = /at position (\d+)/.exec(words) ?? [];
    const isNamed = position === undefined || !text.trimEnd().includes('\n') || / \(line /.test(words);
    return isNamed ? `${words}.` : `${words} (line ${text.slice(0, Number(position)).split('\n').length}).`;
  }
}

function linesOf(content: Uint8Array<ArrayBuffer>): { body: Uint8Array<ArrayBuffer>; line: number }[] {
  const lines: { body: Uint8Array<ArrayBuffer>; line: number }[] = [];
  for (let start = 0, line = 1; start < content.length; line++) {
    const found = content.indexOf(0x0a, start);
    const end = found === -1 ? content.length : found;
    const body = content.subarray(start, content[end - 1] === 0x0d ? Math.max(start, end - 1) : end);
    lines.push({ body, line });
    start = end + 1;
  }
  return lines;
}

function isBlank(content: Uint8Array): boolean {
  return content.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

async function readable<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new HooklineError('replay_source_unreadable', `${path} cannot be read${code}.`, {
      hint: FORMS,
      cause: error,
    });
  }
}

function unreadable(message: string): HooklineError {
  return new HooklineError('replay_source_unreadable', message, { hint: FORMS });
}
