const END_OF_HEAD = '\r\n\r\n';

/**
 * Tells one request of a connection from the next, and no more: RFC 9112, with a Content-Length, as all senders of the bench give it. `onHead` is
 * called with the path when a head is here, `onEnd` when its body is. Throws on a request without a length.
 */
export class RequestReader {
  readonly #onHead: (path: string) => void;
  readonly #onEnd: (path: string) => void;
  #head: Buffer = Buffer.alloc(0);
  #path = '';
  /** Bytes of the body that are still to come; undefined: a head is. */
  #left: number | undefined;

  constructor(onHead: (path: string) => void, onEnd: (path: string) => void) {
    this.#onHead = onHead;
    this.#onEnd = onEnd;
  }

  add(chunk: Buffer): void {
    let rest: Buffer | undefined = chunk;
    while (rest !== undefined && rest.length > 0)
      rest = this.#left === undefined ? this.#readHead(rest) : this.#readBody(rest, this.#left);
  }

  #readHead(chunk: Buffer): Buffer | undefined {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = bytes.indexOf(END_OF_HEAD, 0, 'latin1');
    this.#head = end === -1 ? bytes : Buffer.alloc(0);
    if (end === -1) return undefined;
    const head = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) throw new Error(`a request without Content-Length: ${head}`);
    this.#path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
    this.#onHead(this.#path);
    this.#left = Number(length);
    const rest = bytes.subarray(end + END_OF_HEAD.length);
    return this.#left === 0 ? this.#readBody(rest, 0) : rest;
  }

  #readBody(chunk: Buffer, left: number): Buffer {
    const taken = Math.min(left, chunk.length);
    if (taken < left) {
      this.#left = left - taken;
    } else {
      this.#left = undefined;
      this.#onEnd(this.#path);
    }
    return chunk.subarray(taken);
  }
}
