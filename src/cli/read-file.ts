import { createReadStream } from 'node:fs';
import { codeOf } from '../errors.js';

const MIB = 1024 * 1024;
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read by this user',
};

/** Why a file gave no text. The message says it of the file: "is not UTF-8". */
export class UnreadableFile extends Error {
  readonly kind: 'too_large' | 'not_utf8' | 'no_file';

  constructor(kind: UnreadableFile['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The text of a file, of a device or pipe by its path, or of standard input; no more is read than `mib` MiB. Throws `UnreadableFile`. */
export async function readTextFile(from: string | NodeJS.ReadStream, mib: number): Promise<string> {
  const bytes = await bytesOf(typeof from === 'string' ? createReadStream(from) : from, mib);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('not_utf8', 'is not UTF-8');
  }
}

/** Their size may not be known before: of a device or a pipe it is 0. */
async function bytesOf(stream: NodeJS.ReadableStream, mib: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > mib * MIB) throw new UnreadableFile('too_large', `is larger than ${mib} MiB`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    const code = codeOf(error) ?? 'unknown';
    throw new UnreadableFile('no_file', `cannot be read (${REASONS[code] ?? code})`);
  }
  return Buffer.concat(chunks);
}
