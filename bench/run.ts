import { machine } from './machine.js';
import { claims } from './measures/claims.js';
import { dashboard } from './measures/dashboard.js';
import { events } from './measures/events.js';
import { fairness } from './measures/fairness.js';
import { fanOut } from './measures/fan-out.js';
import { latency } from './measures/latency.js';
import { lists } from './measures/lists.js';
import { receiving } from './measures/receiving.js';
import { retention } from './measures/retention.js';
import { simulation } from './measures/simulation.js';
import { soak } from './measures/soak.js';
import { statements } from './measures/statements.js';
import { sweep } from './measures/sweep.js';
import { CONTENDERS, throughput } from './measures/throughput.js';
import { triggers } from './measures/triggers.js';
import type { Report } from './report/report.js';
import type { Section } from './report/section.js';
import type { Sizes } from './sizes.js';
import { type Stand, withStand } from './stand/stand.js';

/** In the order of a run. */
const MEASURES: Readonly<Record<string, (stand: Stand, sizes: Sizes) => Promise<Section>>> = {
  statements,
  latency,
  triggers,
  events,
  claims,
  lists,
  'fan-out': fanOut,
  fairness,
  receiving,
  dashboard,
  simulation,
  retention,
  sweep,
  soak,
};
/** Of no default run: they take minutes, or are for a page of their own. */
const ASKED_FOR = ['retention', 'simulation', 'sweep', 'soak'];

/** What --only takes. */
export const PARTS = ['throughput', ...CONTENDERS, ...Object.keys(MEASURES)];
export const DEFAULT_PARTS = PARTS.filter((part) => !ASKED_FOR.includes(part));

/** Runs the parts named on a stand of their own. */
export async function run(parts: readonly string[], sizes: Sizes, profiles: string | undefined): Promise<Report> {
  return withStand(profiles, async (stand) => {
    const sections: Section[] = [];
    const contenders = parts.includes('throughput') ? CONTENDERS : CONTENDERS.filter((name) => parts.includes(name));
    const measures = Object.entries(MEASURES).filter(([name]) => parts.includes(name));
    if (contenders.length > 0) measures.unshift(['throughput', () => throughput(stand, sizes, contenders)]);
    for (const [name, measure] of measures) {
      const began = performance.now();
      sections.push(await measure(stand, sizes));
      process.stderr.write(`${name}: ${Math.round((performance.now() - began) / 1000)} s\n`);
    }
    const redis = contenders.some((name) => name.includes('bullmq')) ? (await stand.redis()).version : undefined;
    return { at: new Date().toISOString(), machine: await machine(stand.postgres.admin, redis), sizes, sections };
  });
}
