import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * Files with a browser go first, beside each other: they fill the cores, and beside the tests of chaos and fairness they would make those late. The walk through every page is
 * the longest of them, and last of all it would run alone.
 */
export class BrowserFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      if (moduleId.endsWith('test/browser/pages.test.ts')) return 0;
      return moduleId.includes('/test/browser/') ? 1 : 2;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
