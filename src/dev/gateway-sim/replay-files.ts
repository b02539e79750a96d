import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { HooklineError } from '../../errors.js';

/** One webhook of a file. */
export interface ReplayedWebhook {
  /** The file, with the line where it holds one a line. */
  readonly from: string;
  readonly body: Buffer;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The webhooks in files and folders, in their order: a file is one body, byte for byte; a .jsonl file one on each line that is not empty; a
 * folder its .json and .jsonl files by name, no deeper. Throws `invalid_config` for a path that cannot be read or holds no webhook.
 */
export function readWebhooks(paths: readonly string[]): ReplayedWebhook[] {
  return paths.flatMap((path) => {
    const found = readable(path, () => (statSync(path).isDirectory() ? ofFolder(path) : ofFile(path)));
    if (found.length > 0) return found;
    throw new HooklineError('invalid_config', `${path} holds no webhook.`, {
      hint: 'A file is one webhook body, a .jsonl file one on each line, a folder holds .json and .jsonl files.',
    });
  });
}

function ofFolder(folder: string): ReplayedWebhook[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => !entry.isDirectory() && ['.json', '.jsonl'].includes(extname(entry.name)),
  );
  const names = files.map(({ name }) => name).sort();
  return names.flatMap((name) => ofFile(join(folder, name)));
}

function ofFile(file: string): ReplayedWebhook[] {
  const content = readFileSync(file);
  if (extname(file) === '.jsonl') return ofLines(file, content);
  return content.length === 0 ? [] : [{ from: file, body: content }];
}

function ofLines(file: string, content: Buffer): ReplayedWebhook[] {
  const webhooks: ReplayedWebhook[] = [];
  for (let start = 0, line = 1; start < content.length; line += 1) {
    const found = content.indexOf(NEWLINE, start);
    const end = found === -1 ? content.length : found;
    const body = content.subarray(start, content[end - 1] === CARRIAGE_RETURN ? Math.max(start, end - 1) : end);
    if (body.length > 0) webhooks.push({ from: `${file}:${line}`, body });
    start = end + 1;
  }
  return webhooks;
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new HooklineError('invalid_config', `${path} cannot be read${code}.`, { cause: error });
  }
}
