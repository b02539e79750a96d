import type { Nodes, Parents } from 'mdast';
import { isChinese, lineOf, type Page } from './pages.js';

/** A fenced block of code. */
export interface Block {
  readonly file: string;
  /** Of the first line of its code. */
  readonly line: number;
  /** The first word after the fence; empty where there is none. */
  readonly language: string;
  /** What stands behind it: `run`, `mysql`, `file=…`, `request=…`. */
  readonly meta: string;
  readonly code: string;
  /** What the comment right above it has: it is run before, and readers do not see it. */
  readonly before: string;
}

const BEFORE = /^<!-- before\n(.*)\n\s*-->$/s;

/** The blocks of a page. Those of a Chinese page are those of its English one, which are run. */
export function blocksOf(page: Page): Block[] {
  return isChinese(page) ? [] : within(page.tree, page.file);
}

function within(parent: Parents, file: string): Block[] {
  return parent.children.flatMap((node: Nodes, nth) => {
    if (node.type === 'code') {
      const above = parent.children[nth - 1];
      const before = above?.type === 'html' ? (BEFORE.exec(above.value)?.[1] ?? '') : '';
      const { lang, meta, value } = node;
      return [{ file, line: lineOf(node) + 1, language: lang ?? '', meta: meta ?? '', code: value, before }];
    }
    return 'children' in node ? within(node, file) : [];
  });
}

/** `docs/api.md:34`, for messages. */
export function placeOf({ file, line }: Block): string {
  return `${file}:${line}`;
}

/** What `key=` in the block's meta says, to the end of the line. */
export function metaOf({ meta }: Block, key: string): string | undefined {
  return new RegExp(`(?:^| )${key}=(.+)$`).exec(meta)?.[1];
}

/** The blocks of each page together, in their order. */
export function byPage(blocks: readonly Block[]): ReadonlyMap<string, readonly Block[]> {
  return new Map(
    [...new Set(blocks.map(({ file }) => file))].map((file) => [file, blocks.filter((one) => one.file === file)]),
  );
}
