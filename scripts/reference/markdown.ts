/** A table; what stands in a cell keeps to one line, and its bars are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Text as code; nothing where there is none. */
export function code(text: string | number | null | undefined): string {
  return text === null || text === undefined || text === '' ? '' : `\`${text}\``;
}

/** A name as code, with an anchor that links lead to. */
export function named(name: string): string {
  return `<a id="${name}"></a>\`${name}\``;
}

/** Lines as they are. */
export function verbatim(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

/** The parts of a page, with an empty line between. */
export function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
