import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A text in a colour, where standard output is a terminal that has them and NO_COLOR is not set. */
export function painted(style: Style | undefined, text: string): string {
  return style === undefined ? text : styleText(style, text, { stream: process.stdout });
}

/** JSON in which what would do something to a terminal is escaped: control characters of C1, marks of direction. It stays the same document. */
export function safeJson(text: string): string {
  return text.replace(/(?!\n)\p{C}/gu, (sign) =>
    sign
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
