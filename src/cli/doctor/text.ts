import stringWidth from 'string-width';
import type { Finding, Severity } from '../../doctor/catalogue.js';
import { printableLine } from '../printable.js';

/** How a text is coloured; without colours it stays as it is. */
export type Paint = (colour: 'green' | 'yellow' | 'red' | 'gray', text: string) => string;

const MARKS: Readonly<Record<Severity, { readonly word: string; readonly colour: Parameters<Paint>[0] }>> = {
  ok: { word: 'ok', colour: 'green' },
  skipped: { word: '-', colour: 'gray' },
  warning: { word: 'warning', colour: 'yellow' },
  failure: { word: 'FAILURE', colour: 'red' },
};
const WORD_WIDTH = 9;
const AREA_WIDTH = 13;
/** So narrow a text is at least, whatever the terminal. */
const NARROWEST = 30;

/** Each finding with its severity, its area, what was found, and below it what to do and its code. `width` is that of the terminal; absent: lines stay whole. */
export function textOf(findings: readonly Finding[], paint: Paint, width?: number): string {
  return [...findings.map((finding) => lineOf(finding, paint, width)), '', summaryOf(findings, paint)].join('\n');
}

function lineOf({ severity, area, found, mend, code }: Finding, paint: Paint, width: number | undefined): string {
  const { word, colour } = MARKS[severity];
  const room =
    width === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, width - WORD_WIDTH - AREA_WIDTH - 1);
  const [first = '', ...rest] = wrapped(printableLine(found), room);
  const below = mend === undefined ? rest : [...rest, ...wrapped(`→ ${printableLine(mend)} (${code})`, room)];
  const head = `${paint(colour, word)}${' '.repeat(WORD_WIDTH - word.length)}${area.padEnd(AREA_WIDTH)}`;
  const indent = ' '.repeat(WORD_WIDTH + AREA_WIDTH);
  return [head + (severity === 'skipped' ? paint('gray', first) : first), ...below.map((line) => indent + line)].join(
    '\n',
  );
}

function summaryOf(findings: readonly Finding[], paint: Paint): string {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  const bad = [
    ...(failures > 0 ? [paint('red', `${failures} ${failures === 1 ? 'failure' : 'failures'}`)] : []),
    ...(warnings > 0 ? [paint('yellow', `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`)] : []),
  ];
  const fine = `${count('ok')} fine, ${count('skipped')} not looked at`;
  return bad.length === 0 ? `${paint('green', 'All is well')}: ${fine}.` : `${bad.join(', ')}; ${fine}.`;
}

/** Words in lines of at most so many columns; a word that is longer has a line of its own. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
