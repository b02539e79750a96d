import { AREAS, FINDINGS, type FindingCode } from '../../../src/doctor/catalogue.js';
import { complete } from '../complete.js';
import type { Tell } from '../language.js';
import { named, page, table } from '../markdown.js';
import { FINDING_TEXTS } from '../text/doctor.js';

/** What doctor may find (src/doctor/catalogue.ts). */
export function doctorPage(t: Tell): string {
  const codes = Object.keys(FINDINGS) as FindingCode[];
  complete('Findings', codes, Object.keys(FINDING_TEXTS));
  const areas = [...AREAS, 'doctor'].map((area) => [area, codes.filter((one) => one.startsWith(`${area}.`))] as const);
  const severity = { failure: t(['failure', '故障']), warning: t(['warning', '警告']) };
  return page([
    t(['# Findings of doctor', '# doctor 的检查结果']),
    t([
      'A failure keeps Hookline from its work, or lets somebody do what they may not; a warning is worth a look. Each is told with what to do about it. [hookline doctor](../doctor.md)',
      '故障（failure）使 Hookline 无法工作，或让人做不该做的事；警告（warning）值得一看。每项都附有处理办法。见 [hookline doctor](../doctor.md)',
    ]),
    ...areas.flatMap(([area, found]) => [
      `## ${area}`,
      table(
        [t(['code', '代码']), t(['severity', '级别']), t(['what it means', '含义'])],
        found.map((one) => [named(one), severity[FINDINGS[one]], t(FINDING_TEXTS[one])]),
      ),
    ]),
  ]);
}
