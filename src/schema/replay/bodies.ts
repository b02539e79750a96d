import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The body of one webhook in a file, byte for byte. */
export interface FileBody {
  /** The file, with the line where it holds one a line. */
  readonly from: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const LINES = new Set(['.jsonl', '.ndjson']);
const TAKEN = new Set(['.json', ...LINES]);

/** What files of webhooks look like, for a hint. */
export const FORMS =
  'A file is one webhook body, a .jsonl or .ndjson file one on each line, a folder holds .json, .jsonl and .ndjson files.';

/**
 * The bodies of a file or a folder, in their order. A file is one body, or one on each line that is not blank: a .jsonl or .ndjson file, and any other
 * that is no JSON as a whole while its lines are. Of a folder its .json, .jsonl and .ndjson files by name, no deeper. Throws what the file system says.
 */
export function bodiesIn(path: string): FileBody[] {
  if (!statSync(path).isDirectory()) return ofFile(path);
  const files = readdirSync(path, { withFileTypes: true }).filter(
    (entry) => !entry.isDirectory() && TAKEN.has(extname(entry.name)),
  );
  return files
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => ofFile(join(path, name)));
}

function ofFile(file: string): FileBody[] {
  const content = new Uint8Array(readFileSync(file));
  if (isBlank(content)) return [];
  const lines = linesOf(content).filter(({ body }) => !isBlank(body));
  const isOneALine = LINES.has(extname(file)) || (lines.length > 1 && !isJson(content) && lines.every(isLineJson));
  return isOneALine
    ? lines.map(({ body, line }) => ({ from: `${file}:${line}`, body }))
    : [{ from: file, body: content }];
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

function isLineJson({ body }: { readonly body: Uint8Array }): boolean {
  return isJson(body);
}

function isJson(content: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(content));
    return true;
  } catch {
    return false;
  }
}
