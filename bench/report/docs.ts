import { mkdir, writeFile } from 'node:fs/promises';
import { table } from './markdown.js';
import { svg } from './plot.js';
import type { Report } from './report.js';
import { boundOf, isMet, type Row, type Section, type Target } from './section.js';

const DOCS = new URL('../../docs/', import.meta.url);

/** Writes docs/benchmarks.md and its plots: what this run saw, and nothing else. */
export async function writeDocs(report: Report): Promise<void> {
  await mkdir(new URL('benchmarks/', DOCS), { recursive: true });
  for (const plot of report.sections.flatMap(({ plots = [] }) => plots)) {
    await writeFile(new URL(`benchmarks/${plot.name}.svg`, DOCS), svg(plot));
  }
  await writeFile(new URL('benchmarks.md', DOCS), markdown(report));
}

function markdown({ at, machine, sizes, sections }: Report): string {
  const targets = sections.flatMap((section) => section.targets);
  return [
    '# Benchmarks',
    'Written by the bench (`npm run bench -- --write-docs`) from one run; run it on your own machine. Everything is on one machine, over loopback; ' +
      'the servers are those of the run alone, PostgreSQL with its own defaults (fsync and autovacuum on).',
    table([{ at: at.slice(0, 10), ...machine, rounds: sizes.rounds, 'deliveries a round': sizes.deliveries }]),
    ...(targets.length === 0 ? [] : ['## What is asked for', table(targets.map(targetRow))]),
    ...sections.flatMap(sectionText),
  ]
    .join('\n\n')
    .concat('\n');
}

function targetRow(target: Target): Row {
  const { what, value, unit = '' } = target;
  return {
    figure: what,
    'this run': `${value} ${unit}`,
    asked: `${boundOf(target)} ${unit}`,
    met: isMet(target) ? 'yes' : 'no',
  };
}

function sectionText({ title, says, rows, plots = [] }: Section): string[] {
  return [`## ${title}`, says, table(rows), ...plots.map((plot) => `![${plot.title}](benchmarks/${plot.name}.svg)`)];
}
