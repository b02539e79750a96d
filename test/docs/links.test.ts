import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import GithubSlugger from 'github-slugger';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../harness/program.js';
import { allPages, CHINESE, CHINESE_README, lineOf, nodesOf, type Page, textOf } from './pages.js';

const PAGES = allPages();
const HAS_CHINESE = existsSync(join(ROOT, CHINESE));
const ANCHORS = new Map(PAGES.map((page) => [page.file, anchorsOf(page)]));

describe('links in docs', () => {
  it('lead to a file of the repository, and to a heading or a name that it has', () => {
    expect(
      PAGES.flatMap((page) => nodesOf(page.tree, 'link').flatMap((link) => wrong(page, link.url, lineOf(link)))),
    ).toEqual([]);
  });
  it('of pictures lead to one', () => {
    const images = PAGES.flatMap((page) => nodesOf(page.tree, 'image').map((image) => ({ page, image })));
    expect(images.flatMap(({ page, image }) => wrong(page, image.url, lineOf(image)))).toEqual([]);
  });
});

function wrong({ file }: Page, url: string, line: number): string[] {
  if (/^[a-z]+:/i.test(url)) return [];
  const [path = '', anchor] = url.split('#').map(decodeURIComponent);
  const target = path === '' ? file : normalize(join(dirname(file), path));
  // As the pages in Chinese themselves: looked at from their first one on.
  if (!HAS_CHINESE && (target.startsWith(CHINESE) || target === CHINESE_README)) return [];
  const said = `${file}:${line} ${url}`;
  if (target.startsWith('..') || !existsSync(join(ROOT, target))) return [`${said}: there is no ${target}`];
  if (anchor === undefined) return [];
  const page = statSync(join(ROOT, target)).isDirectory() ? relative('.', join(target, 'README.md')) : target;
  return ANCHORS.get(page)?.has(anchor) === true ? [] : [`${said}: ${page} has no #${anchor}`];
}

/** As GitHub makes them of headings, and those that are written as `<a id="…">`. */
function anchorsOf({ tree }: Page): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = nodesOf(tree, 'heading').map((heading) => slugger.slug(textOf(heading)));
  const written = nodesOf(tree, 'html').flatMap(({ value }) =>
    [...value.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
  );
  return new Set([...headings, ...written]);
}
