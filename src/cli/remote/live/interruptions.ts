import { toldOf } from '../../print-error.js';
import { note } from '../output.js';

export interface Interruptions {
  /** The connection broke, or could not be opened again. */
  readonly broke: (error: unknown) => void;
  /** Something came: it is there again. */
  readonly isBack: () => void;
  /** How often it broke. */
  readonly count: () => number;
}

/** Tells of a broken stream once, however many tries it takes to open it again, on standard error; nothing with `json`. */
export function interruptions(json: boolean): Interruptions {
  let isBroken = false;
  let wasOpen = false;
  let count = 0;
  return {
    broke(error) {
      // One that never opened is thrown after some tries, and told then.
      if (isBroken || !wasOpen) return;
      isBroken = true;
      count += 1;
      note(`The stream broke off (${reasonOf(error)}); it is opened again where it ended.`, { json });
    },
    isBack() {
      wasOpen = true;
      isBroken = false;
    },
    count: () => count,
  };
}

/** Errors of `fetch` and of the client have messages of their own; all others are of the catalogue. */
function reasonOf(error: unknown): string {
  const message = error instanceof TypeError ? error.message : toldOf(error).message;
  return message.replace(/\.$/, '');
}
