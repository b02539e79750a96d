/** Without what would do something to a terminal. Lines and tabs stay; Windows' ends of lines become those of all others. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/(?![\n\t])\p{C}/gu, '?');
}

/** The same in one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
