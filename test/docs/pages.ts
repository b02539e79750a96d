import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { ROOT } from '../harness/program.js';

/** A page of documentation, as a Markdown parser reads it. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
  readonly tree: Root;
}

/** Where the Chinese pages are; the README's is README.zh-CN.md. */
export const CHINESE = 'docs/zh-CN/';
export const CHINESE_README = 'README.zh-CN.md';

/** Every page, by name. */
export function allPages(): Page[] {
  const readmes = ['packages', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}/README.md`),
  );
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return ['README.md', CHINESE_README, 'CONTRIBUTING.md', ...docs, ...readmes]
    .filter((file) => existsSync(join(ROOT, file)))
    .sort()
    .map((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return { file, text, tree: fromMarkdown(text) };
    });
}

export function isChinese({ file }: Page): boolean {
  return file.startsWith(CHINESE) || file === CHINESE_README;
}

/** The nodes of one type within a node, in their order. */
export function nodesOf<Type extends Nodes['type']>(node: Nodes, type: Type): Extract<Nodes, { type: Type }>[] {
  const own = isOf(node, type) ? [node] : [];
  return [...own, ...('children' in node ? node.children.flatMap((child) => nodesOf(child, type)) : [])];
}

function isOf<Type extends Nodes['type']>(node: Nodes, type: Type): node is Extract<Nodes, { type: Type }> {
  return node.type === type;
}

export function lineOf({ position }: Nodes): number {
  return position?.start.line ?? 0;
}

/** The text of a node with all that is within it. */
export function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}
