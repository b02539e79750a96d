import type { Column } from '../table/schema.js';
import { generationOf } from './generation.js';
import { bytesOfCharacter, isFloating, partsOfType, rangeOf, sizeOf, type TypeParts } from './type-capacity.js';

/** What stored values of a column would lose when it becomes another, in words; nothing where every value fits. */
export function lossesOf(from: Column, to: Column): string[] {
  const [before, after] = [generationOf(from.definition), generationOf(to.definition)];
  if (after !== 'base') return before === 'base' ? [`${to.name}: its values are replaced by generated ones`] : [];
  if (before === 'virtual') return [`${to.name}: its generated values are not kept`];
  const losses: string[] = [];
  const [old, now] = [partsOfType(from.type), partsOfType(to.type)];
  const removed = old.values.filter((value) => !now.values.includes(value));
  if (now.values.length > 0 && old.values.length > 0) {
    if (removed.length > 0) losses.push(`${to.name}: ${now.word} without ${removed.join(', ')}`);
    if (old.word === 'set' && now.word === 'enum') losses.push(`${to.name}: set to enum`);
  } else if (!fits(from, to, old, now)) {
    losses.push(`${to.name}: ${from.type} to ${to.type}`);
  }
  if (from.charset !== null && to.charset !== null && !holdsCharset(to.charset, from.charset)) {
    losses.push(`${to.name}: character set ${from.charset} to ${to.charset}`);
  }
  if (from.nullable && !to.nullable) losses.push(`${to.name}: NULL to NOT NULL`);
  return losses;
}

const PADDED: ReadonlySet<string> = new Set(['char', 'binary']);

/** Whether the second type takes every value of the first. */
function fits(from: Column, to: Column, old: TypeParts, now: TypeParts): boolean {
  if (from.type === to.type && bytesOfCharacter(to.charset ?? '') <= bytesOfCharacter(from.charset ?? '')) return true;
  const [range, wider] = [rangeOf(old), rangeOf(now)];
  if (range && wider) return fitsRange(old, now);
  const [size, room] = [sizeOf(old, from.charset), sizeOf(now, to.charset)];
  if (size && room) {
    const isBinary = (column: Column) => column.charset === null && column.type !== 'json';
    // Not all bytes are text, nor is all text JSON.
    if ((isBinary(from) && !isBinary(to)) || (now.word === 'json' && old.word !== 'json')) return false;
    if (now.values.length > 0) return false;
    // CHAR gives its values back without blanks at their end, and BINARY with zeros there.
    if (PADDED.has(now.word) && ![now.word, 'enum', 'set'].includes(old.word)) return false;
    if (size.characters !== null && room.characters !== null && !isBinary(to))
      return size.characters <= room.characters;
    // JSON is utf8mb4. In another character set every character may need more bytes, or fewer.
    const [each = 1, then = 1] = [from, to].map(({ charset }) => bytesOfCharacter(charset ?? 'utf8mb4'));
    const grown = size.characters === null ? size.bytes * Math.max(1, then / each) : size.characters * then;
    const needed = isBinary(to) ? size.bytes : grown;
    return needed <= room.bytes;
  }
  if (range && room)
    return (
      !isFloating(old) &&
      now.values.length === 0 &&
      to.charset !== null &&
      digitsOf(old) <= (room.characters ?? room.bytes)
    );
  const [time, later] = [timeOf(old), timeOf(now)];
  if (time && room) return to.charset !== null && (room.characters ?? room.bytes) >= 26;
  if (time && later) return fitsTime(old, now);
  return from.type === to.type;
}

function fitsRange(old: TypeParts, now: TypeParts): boolean {
  const [range, wider] = [rangeOf(old), rangeOf(now)];
  if (!range || !wider) return false;
  if (isFloating(old))
    return (
      isFloating(now) && range.most <= wider.most && (wider.least < 0n || range.least >= 0n) && now.numbers.length === 0
    );
  if (isFloating(now) && range.scale > 0) return false;
  return range.least >= wider.least && range.most <= wider.most && range.scale <= wider.scale;
}

/** How many characters a number needs: its digits, a sign and a point. */
function digitsOf(type: TypeParts): number {
  const range = rangeOf(type);
  if (!range) return 0;
  const whole = Math.max(String(range.least).length, String(range.most).length);
  return whole + (range.scale > 0 ? range.scale + 1 : 0);
}

function timeOf({ word }: TypeParts): boolean {
  return ['date', 'time', 'datetime', 'timestamp'].includes(word);
}

function fitsTime(old: TypeParts, now: TypeParts): boolean {
  const finer = (now.numbers[0] ?? 0) >= (old.numbers[0] ?? 0);
  if (old.word === now.word) return finer;
  if (old.word === 'date') return now.word === 'datetime';
  return old.word === 'timestamp' && now.word === 'datetime' && finer;
}

const UNICODE = /^(utf8mb4|utf16|utf16le|utf32|gb18030)$/;

/** Whether every character of one character set is in another. */
function holdsCharset(wider: string, charset: string): boolean {
  if (wider === charset || UNICODE.test(wider) || charset === 'ascii') return true;
  return /^utf8(mb3)?$/.test(wider) && !UNICODE.test(charset);
}
