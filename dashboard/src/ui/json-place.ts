import { jsonLanguage } from '@codemirror/lang-json';
import type { SyntaxNode } from '@lezer/common';

/** Where in a JSON text the value stands that a pointer (RFC 6901) leads to; the nearest one above it, where it is missing. */
export function placeOf(text: string, pointer: string): { from: number; to: number } {
  let node = jsonLanguage.parser.parse(text).topNode.firstChild;
  for (const step of pointer.split('/').slice(1)) {
    const next = node && stepInto(node, step.replaceAll('~1', '/').replaceAll('~0', '~'), text);
    if (!next) break;
    node = next;
  }
  if (node === null) return { from: 0, to: Math.min(1, text.length) };
  // Of a whole object or array its first character: a wave under all of it says nothing.
  return node.name === 'Object' || node.name === 'Array' ? { from: node.from, to: node.from + 1 } : node;
}

function stepInto(node: SyntaxNode, step: string, text: string): SyntaxNode | null {
  if (node.name === 'Array') {
    return valuesOf(node)[Number(step)] ?? null;
  }
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    if (name && nameOf(text.slice(name.from, name.to)) === step) return property.lastChild;
  }
  return null;
}

function valuesOf(array: SyntaxNode): SyntaxNode[] {
  const values: SyntaxNode[] = [];
  for (let child = array.firstChild; child; child = child.nextSibling) {
    if (/^[A-Z]/.test(child.name)) values.push(child);
  }
  return values;
}

function nameOf(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
