import { isMark, piecesOf } from '../table/sql-pieces.js';

/** A type, taken apart: `decimal(10,2) unsigned` is decimal, [10, 2], unsigned. */
export interface TypeParts {
  readonly word: string;
  readonly numbers: readonly number[];
  /** The values of an enum or set, as they stand. */
  readonly values: readonly string[];
  readonly unsigned: boolean;
}

/** Whole numbers from `least` to `most`, and how many digits stand behind the point. */
export interface NumberRange {
  readonly least: bigint;
  readonly most: bigint;
  readonly scale: number;
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};
/** Whole numbers that a floating type holds exactly. */
const FLOAT_BITS: Readonly<Record<string, bigint>> = { float: 24n, double: 53n };
const TEXT_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
  json: 4_294_967_295,
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};
const CHARACTER_BYTES: Readonly<Record<string, number>> = {
  utf8mb4: 4,
  utf16: 4,
  utf16le: 4,
  utf32: 4,
  gb18030: 4,
  utf8: 3,
  utf8mb3: 3,
};
const ONE_BYTE =
  /^(ascii|latin\d|binary|cp(1250|1251|1256|1257|850|852|866)|koi8[ru]|hebrew|greek|armscii8|dec8|hp8|geostd8|keybcs2|mac(ce|roman)|swe7|tis620)$/;

export function partsOfType(type: string): TypeParts {
  const pieces = piecesOf(type);
  const inside = pieces.filter(({ kind, depth }) => kind === 'literal' && depth === 1);
  const isList = isMark(pieces[1], '(') && /^(enum|set)$/.test(pieces[0]?.text ?? '');
  return {
    word: pieces[0]?.text ?? '',
    numbers: isList ? [] : inside.map(({ text }) => Number(text)),
    values: isList ? inside.map(({ text }) => text) : [],
    unsigned: /\b(unsigned|zerofill)\b/.test(
      pieces
        .filter(({ kind }) => kind === 'word')
        .map(({ text }) => text)
        .join(' '),
    ),
  };
}

/** The numbers that a type takes exactly; undefined for a type that is none of numbers. */
export function rangeOf({ word, numbers, unsigned }: TypeParts): NumberRange | undefined {
  const bits = INTEGER_BITS[word];
  if (bits !== undefined) {
    return unsigned
      ? { least: 0n, most: 2n ** bits - 1n, scale: 0 }
      : { least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n, scale: 0 };
  }
  if (word === 'year') return { least: 0n, most: 2155n, scale: 0 };
  if (word === 'bit') return { least: 0n, most: 2n ** BigInt(numbers[0] ?? 1) - 1n, scale: 0 };
  if (word === 'decimal') {
    const [precision = 10, scale = 0] = numbers;
    const most = 10n ** BigInt(precision - scale) - 1n;
    return { least: unsigned ? 0n : -most, most, scale };
  }
  const exact = FLOAT_BITS[word];
  return exact === undefined ? undefined : { least: unsigned ? 0n : -(2n ** exact), most: 2n ** exact, scale: 0 };
}

export function isFloating({ word }: TypeParts): boolean {
  return word in FLOAT_BITS;
}

/** How long a text or binary value may be: in characters where the type counts them, in bytes at most. */
export interface TextSize {
  readonly characters: number | null;
  readonly bytes: number;
}

/** Undefined for a type that is no text. An enum or set is as long as its longest value. */
export function sizeOf({ word, numbers, values }: TypeParts, charset: string | null): TextSize | undefined {
  const bytes = TEXT_BYTES[word];
  if (bytes !== undefined) return { characters: null, bytes };
  const each = bytesOfCharacter(charset ?? 'binary');
  const lengths = values.map((value) => value.length - 2);
  const characters =
    word === 'enum'
      ? Math.max(0, ...lengths)
      : word === 'set'
        ? lengths.reduce((sum, length) => sum + length + 1, 0)
        : ['char', 'varchar', 'binary', 'varbinary'].includes(word)
          ? (numbers[0] ?? 1)
          : undefined;
  return characters === undefined ? undefined : { characters, bytes: characters * each };
}

export function bytesOfCharacter(charset: string): number {
  return CHARACTER_BYTES[charset] ?? (ONE_BYTE.test(charset) ? 1 : 2);
}
