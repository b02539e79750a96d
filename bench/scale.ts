import { readFile, writeFile } from 'node:fs/promises';
import { table } from './report/markdown.js';
import type { Report } from './report/report.js';
import { chinese } from './simulation/chinese.js';
import { MEASURED, type Measurement, measurement } from './simulation/costs.js';
import { needs, scaleText, waits } from './simulation/scale.js';
import { type Load, USUAL } from './simulation/sizing.js';
import { english, type Wording } from './simulation/wording.js';

const PAGES = [
  { page: new URL('../docs/scale.md', import.meta.url), words: english },
  { page: new URL('../docs/zh-CN/scale.md', import.meta.url), words: chinese },
];
const MADE =
  /(?<=<!-- made by `npm run bench -- scale --write-docs` -->\n\n)[\s\S]*(?=\n\n<!-- end of what is made -->)/;

interface ScaleOptions {
  readonly deliveries: number;
  readonly fanOut: number;
  readonly payload: number;
  readonly latency: number;
  readonly failing: number;
  readonly retention: number;
  readonly from?: string;
  readonly writeDocs: boolean;
}

/** Tells what a load needs, by what was measured; with `from` by another run (`--only simulation --json`), which --write-docs keeps. */
export async function scale({ from, writeDocs, ...asked }: ScaleOptions): Promise<void> {
  const measured = from === undefined ? measurement() : await measurementOf(from);
  if (writeDocs) {
    await writeFile(MEASURED, `${JSON.stringify(measured, null, 2)}\n`);
    for (const { page, words } of PAGES) {
      await writeFile(page, withMade(await readFile(page, 'utf8'), measured, words));
    }
  }
  const load: Load = {
    ...USUAL,
    deliveries: asked.deliveries,
    fanOut: asked.fanOut,
    payloadBytes: asked.payload,
    latencyMs: { ...USUAL.latencyMs, median: asked.latency },
    failing: asked.failing,
    retentionDays: asked.retention,
  };
  console.info(table([needs(`${asked.deliveries}/s`, load, measured.costs)]));
  console.info(`\n${table([waits(load, measured.costs)])}`);
}

/** The page with the part that is made from a measurement. */
export function withMade(page: string, measured: Measurement, words: Wording): string {
  if (!MADE.test(page)) throw new Error('a page of docs has lost the marks of what is made');
  return page.replace(MADE, () => scaleText(measured, words));
}

async function measurementOf(file: string): Promise<Measurement> {
  const { sections } = JSON.parse(await readFile(file, 'utf8')) as Report;
  const found = sections.find(({ measurement }) => measurement !== undefined)?.measurement;
  if (found === undefined) throw new Error(`${file} is no output of \`npm run bench -s -- --only simulation --json\``);
  return found;
}
