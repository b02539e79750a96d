import type en from './en/index.js';

/** All strings, by area and name, as English has them. */
export type Strings = typeof en;

/** What another language has to have: the same names, but for singular forms that it may lack. */
export type Translated<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Translated<T[K]>;
};
