import { isWord, piecesOf } from '../table/sql-pieces.js';

/** How a column gets its values, by its definition. */
export function generationOf(definition: string): 'base' | 'virtual' | 'stored' {
  const outside = piecesOf(definition).filter(({ depth }) => depth === 0);
  if (!outside.some((piece, at) => isWord(piece, 'GENERATED') && isWord(outside[at + 1], 'ALWAYS'))) return 'base';
  return outside.some((piece) => isWord(piece, 'STORED') || isWord(piece, 'PERSISTENT')) ? 'stored' : 'virtual';
}
