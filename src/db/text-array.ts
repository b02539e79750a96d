/** The OID of `text`, which is the same in every PostgreSQL. */
const TEXT_OID = 25;
const HEADER_BYTES = 20;
/** UTF-8 takes no more for a UTF-16 unit. */
const MOST_BYTES_A_UNIT = 3;

/**
 * An array for a `text[]` parameter whose elements are long or full of quotes, as JSON is. As a literal each quote is escaped, here and byte by byte in the
 * server; `pg` sends this in the binary form (array_recv), a sixth of the time. PGlite is given the values.
 */
export class TextArray {
  readonly values: readonly (string | null)[];

  constructor(values: readonly (string | null)[]) {
    this.values = values;
  }

  /** PostgreSQL's binary form: dimensions, whether there are nulls, element type, length and lower bound; then each element's length (-1: null) and bytes. */
  toBinary(): Buffer {
    const most = this.values.reduce(
      (bytes, value) => bytes + 4 + (value?.length ?? 0) * MOST_BYTES_A_UNIT,
      HEADER_BYTES,
    );
    const buffer = Buffer.allocUnsafe(most);
    buffer.writeInt32BE(1, 0);
    buffer.writeInt32BE(1, 4);
    buffer.writeInt32BE(TEXT_OID, 8);
    buffer.writeInt32BE(this.values.length, 12);
    buffer.writeInt32BE(1, 16);
    let at = HEADER_BYTES;
    for (const value of this.values) {
      const length = value === null ? -1 : buffer.write(value, at + 4, 'utf8');
      buffer.writeInt32BE(length, at);
      at += 4 + Math.max(0, length);
    }
    return buffer.subarray(0, at);
  }
}
