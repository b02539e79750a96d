import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../harness/program.js';
import { allPages, CHINESE, CHINESE_README, lineOf, nodesOf, type Page } from './pages.js';

/** Written whole by a run of the bench: figures under English names. */
const MEASURED = 'docs/benchmarks.md';

const PAGES = allPages();
/** Switched on by the folder: until then docs are in English alone. */
const ENGLISH = existsSync(join(ROOT, CHINESE)) ? PAGES.filter(({ file }) => chineseOf(file) !== undefined) : [];

/** Where a page stands in Chinese; undefined for those that are not translated. */
function chineseOf(file: string): string | undefined {
  if (file === MEASURED) return undefined;
  if (file === 'README.md') return CHINESE_README;
  return file.startsWith('docs/') && !file.startsWith(CHINESE) ? file.replace('docs/', CHINESE) : undefined;
}

/** Headings by their levels, and code. What is `text` may be translated. */
const skeleton = ({ tree }: Page) => ({
  headings: nodesOf(tree, 'heading').map(({ depth }) => depth),
  code: nodesOf(tree, 'code').map(({ lang, meta, value }) => ({ lang, meta, value: lang === 'text' ? '' : value })),
});

/** Where two pages part, each in its file. */
function parting(english: Page, chinese: Page): string[] {
  return (['heading', 'code'] as const).flatMap((type) => {
    const [here, there] = [nodesOf(english.tree, type), nodesOf(chinese.tree, type)];
    const told = (page: Page): string[] => {
      const { headings, code } = skeleton(page);
      return (type === 'heading' ? headings : code).map((one) => JSON.stringify(one));
    };
    const [ours, theirs] = [told(english), told(chinese)];
    const nth = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, n) => n).find(
      (n) => ours[n] !== theirs[n],
    );
    if (nth === undefined) return [];
    const at = (page: Page, node: (typeof here)[number] | undefined) =>
      `${page.file}:${node === undefined ? 'end' : lineOf(node)}`;
    return [
      `${at(chinese, there[nth])} is not as ${at(english, here[nth])} (${type}): ${theirs[nth]} in place of ${ours[nth]}`,
    ];
  });
}

describe('docs in Chinese', () => {
  it('has every page, and none that is not there in English', () => {
    const wanted = ENGLISH.map(({ file }) => chineseOf(file));
    const there = PAGES.filter(({ file }) => file.startsWith(CHINESE) || file === CHINESE_README).map(
      ({ file }) => file,
    );
    expect(ENGLISH.length === 0 ? [] : there.sort()).toEqual(wanted.sort());
  });

  it('has the headings and the code of the English pages', () => {
    const wrong = ENGLISH.flatMap((english) => {
      const chinese = PAGES.find(({ file }) => file === chineseOf(english.file));
      return chinese === undefined ? [] : parting(english, chinese);
    });
    expect(wrong).toEqual([]);
  });
});
