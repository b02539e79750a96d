import { StringDecoder } from 'node:string_decoder';

const EMPTY = Buffer.alloc(0);

/**
 * The first bytes of an answer's body. Copied into one buffer as soon as there are two chunks: a list of them would cost an endpoint that sends
 * chunks of a byte about a hundred bytes each of our memory.
 */
export class BoundedBody {
  readonly #limit: number;
  #bytes: Buffer = EMPTY;
  #size = 0;
  #isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next chunk; false: there is more than the limit, and nothing more is wanted. */
  add(chunk: Buffer): boolean {
    const size = this.#size + chunk.length;
    this.#isCut = size > this.#limit;
    if (this.#size === 0) {
      this.#bytes = chunk.subarray(0, this.#limit);
    } else {
      if (this.#bytes.length < Math.min(size, this.#limit)) this.#grow(size);
      chunk.copy(this.#bytes, this.#size);
    }
    this.#size = Math.min(size, this.#limit);
    return !this.#isCut;
  }

  /** As UTF-8, of no more bytes than the limit. What is no UTF-8 stands as U+FFFD; no character is cut in two. */
  text(): string {
    const bytes = this.#bytes.subarray(0, this.#size);
    const text = this.#isCut ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8');
    // A byte that is no UTF-8 becomes the three bytes of U+FFFD.
    if (bytes.length * 3 <= this.#limit || Buffer.byteLength(text) <= this.#limit) return text;
    return new StringDecoder('utf8').write(Buffer.from(text, 'utf8').subarray(0, this.#limit));
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(size, this.#bytes.length * 2), this.#limit));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
  }
}
