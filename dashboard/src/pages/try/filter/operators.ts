import type { Condition } from './filter-test.js';

const GROUPS = ['$and', '$or', '$not', '$element'] as const;

/** An example of each operator, in the order of the reference. */
export const EXAMPLES = {
  $eq: { status: 'completed' },
  $ne: { status: { $ne: 'draft' } },
  $gt: { duration: { $gt: 10 } },
  $gte: { duration: { $gte: 10 } },
  $lt: { amount: { $lt: 100 } },
  $lte: { amount: { $lte: 100 } },
  $in: { plan: { $in: ['pro', 'team'] } },
  $nin: { plan: { $nin: ['free'] } },
  $exists: { error: { $exists: true } },
  $missing: { error: { $exists: false } },
  $startsWith: { url: { $startsWith: 'https://' } },
  $endsWith: { url: { $endsWith: '.mp4' } },
  $contains: { title: { $contains: 'trailer' } },
  contains: { tags: ['hd'] },
  $and: { $and: [{ amount: { $gt: 0 } }, { amount: { $lt: 100 } }] },
  $or: { $or: [{ plan: 'pro' }, { amount: { $gte: 500 } }] },
  $not: { $not: { status: 'draft', plan: 'free' } },
  $element: { items: { name: 'clip', size: { $gte: 2 } } },
} as const;

/** What an operator is called in the words of the page; `other`: one that this page does not know. */
export type OperatorWord = keyof typeof EXAMPLES | 'other';
export const OPERATOR_WORDS = Object.keys(EXAMPLES) as (keyof typeof EXAMPLES)[];

export function wordOf({ operator, expected }: Pick<Condition, 'operator' | 'expected'>): OperatorWord {
  if (operator === '$exists' && expected === false) return '$missing';
  return OPERATOR_WORDS.find((word) => word === operator) ?? 'other';
}

/** Whether it has conditions of its own in place of a value. */
export function isGroup({ operator }: Pick<Condition, 'operator'>): boolean {
  return GROUPS.some((group) => group === operator);
}
