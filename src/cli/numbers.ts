import { InvalidArgumentError } from 'commander';

export const DAY_S = 86_400;
export const TEN_YEARS_S = 3_650 * DAY_S;

/** A parser of whole numbers from `least` to `most`, for commander. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It takes a whole number, ${least} to ${most}.`);
  };
}

/** A parser of numbers from `least` to `most`, with or without a fraction. */
export function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It takes a number, ${least} to ${most}.`);
  };
}
