import type { Told } from '../language.js';

/** An operator with an example: it holds for the first payload and not for the second, which the generator asks the database. */
export interface OperatorText {
  readonly about: Told;
  readonly filter: unknown;
  readonly holds: unknown;
  readonly fails: unknown;
}

export const CONDITION: OperatorText = {
  about: ['contains the value, as `@>` of JSONB does', '包含该值，同 JSONB 的 `@>`'],
  filter: { status: 'completed' },
  holds: { status: 'completed' },
  fails: { status: 'failed' },
};

export const OPERATORS: Readonly<Record<string, OperatorText>> = {
  $eq: {
    about: ['equals any JSON value', '等于任一 JSON 值'],
    filter: { tags: { $eq: ['a'] } },
    holds: { tags: ['a'] },
    fails: { tags: ['a', 'b'] },
  },
  $ne: {
    about: ['does not equal it; holds where the field is missing', '不等于；字段缺失时也成立'],
    filter: { status: { $ne: 'draft' } },
    holds: {},
    fails: { status: 'draft' },
  },
  $gt: {
    about: ['is greater: numbers, or strings by code point', '大于：数字，或按码点比较的字符串'],
    filter: { n: { $gt: 10 } },
    holds: { n: 10.5 },
    fails: { n: 10 },
  },
  $gte: {
    about: ['greater or equal', '大于或等于'],
    filter: { n: { $gte: 10 } },
    holds: { n: 10 },
    fails: { n: '10' },
  },
  $lt: { about: ['less', '小于'], filter: { at: { $lt: '2027' } }, holds: { at: '2026-12-31' }, fails: { at: '2027' } },
  $lte: { about: ['less or equal', '小于或等于'], filter: { n: { $lte: 10 } }, holds: { n: 10 }, fails: {} },
  $in: {
    about: ['is one of these', '是其中之一'],
    filter: { tag: { $in: ['hd', '4k'] } },
    holds: { tag: '4k' },
    fails: { tag: 'sd' },
  },
  $nin: {
    about: ['is none of these; holds where the field is missing', '不在其中；字段缺失时也成立'],
    filter: { tag: { $nin: ['hd', '4k'] } },
    holds: { tag: 'sd' },
    fails: { tag: 'hd' },
  },
  $exists: {
    about: ['is there; `false`: is missing', '存在；`false` 表示缺失'],
    filter: { error: { $exists: false } },
    holds: {},
    fails: { error: null },
  },
  $startsWith: {
    about: ['a string that begins so', '以此开头的字符串'],
    filter: { id: { $startsWith: 'vid_' } },
    holds: { id: 'vid_1' },
    fails: { id: 'img_1' },
  },
  $endsWith: {
    about: ['that ends so', '以此结尾'],
    filter: { file: { $endsWith: '.mp4' } },
    holds: { file: 'a.mp4' },
    fails: { file: 'a.mov' },
  },
  $contains: {
    about: ['that contains it', '包含此串'],
    filter: { title: { $contains: 'cat' } },
    holds: { title: 'a cat video' },
    fails: { title: 'A Cat' },
  },
  $not: {
    about: ['does not fulfil the condition', '不满足该条件'],
    filter: { n: { $not: { $gt: 10 } } },
    holds: { n: 5 },
    fails: { n: 11 },
  },
  $and: {
    about: ['fulfils each', '全部满足'],
    filter: { $and: [{ n: { $gt: 1 } }, { n: { $lt: 5 } }] },
    holds: { n: 3 },
    fails: { n: 7 },
  },
  $or: {
    about: ['fulfils one', '满足其一'],
    filter: { $or: [{ a: 1 }, { b: 1 }] },
    holds: { b: 1 },
    fails: { a: 2 },
  },
};
