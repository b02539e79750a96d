import { createHash } from 'node:crypto';

/** Pseudo-random choices that a seed decides. */
export interface Random {
  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number;
  /** From `least` up to `most`, with this many digits after the point. */
  decimal(least: number, most: number, digits: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** `count` of them, in their order; all when there are fewer. */
  some<T>(choices: readonly T[], count: number): T[];
  /** Lower-case hex digits. */
  hex(length: number): string;
}

/** The same seed gives the same choices, on every machine: a hash in counter mode, since Node's own generators take no seed. */
export function seeded(seed: string): Random {
  let block = Buffer.alloc(0);
  let at = 0;
  let counter = 0;
  const word = (): number => {
    if (at + 4 > block.length) {
      block = createHash('sha256').update(`${seed}\n${counter++}`).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const whole = (least: number, most: number): number => least + (word() % (most - least + 1));
  return {
    whole,
    decimal: (least, most, digits) => Number((least + (word() / 2 ** 32) * (most - least)).toFixed(digits)),
    pick: (choices) => choices[whole(0, choices.length - 1)] ?? choices[0],
    some(choices, count) {
      const left = choices.map((choice, index) => ({ choice, index, rank: word() }));
      const taken = left.sort((a, b) => a.rank - b.rank).slice(0, count);
      return taken.sort((a, b) => a.index - b.index).map(({ choice }) => choice);
    },
    hex: (length) => Array.from({ length }, () => whole(0, 15).toString(16)).join(''),
  };
}
