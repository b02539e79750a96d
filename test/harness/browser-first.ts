import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

const WALK = 'test/browser/pages.test.ts';
const BROWSER = '/test/browser/';
/** Small files that take long, the longest first. */
const LONG = ['/test/upgrades/', '/test/tenancy/', '/test/chaos/'];

/**
 * Files with a browser go first, beside each other: they fill the cores, and beside the tests of chaos and fairness they would make those late. The walk through every page is
 * the longest of them, and last of all it would run alone. The small files that take long are spread among the rest: where no durations are known yet, files go by their size,
 * and those would be left for the end.
 */
export class BrowserFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const of = (isOne: (path: string) => boolean) => sorted.filter(({ moduleId }) => isOne(moduleId));
    const walk = of((path) => path.endsWith(WALK));
    const browser = of((path) => path.includes(BROWSER) && !path.endsWith(WALK));
    const long = LONG.flatMap((folder) => of((path) => path.includes(folder)));
    const others = of((path) => ![BROWSER, ...LONG].some((folder) => path.includes(folder)));
    return [...walk, ...browser, ...spread(long, others)];
  }
}

/** The few, one every so often, among the many; the last fifth has none of them, so that none of them ends alone. */
function spread<T>(few: readonly T[], many: readonly T[]): T[] {
  const every = Math.max(1, Math.floor((many.length * 0.8) / (few.length + 1)));
  const mixed = many.flatMap((one, index) => {
    const next = index % every === 0 ? few[index / every] : undefined;
    return next === undefined ? [one] : [next, one];
  });
  return [...mixed, ...few.slice(Math.ceil(many.length / every))];
}
