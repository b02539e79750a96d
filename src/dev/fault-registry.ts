import { HooklineError } from '../errors.js';

/** Which requests a fault is for. */
export interface FaultChoice {
  /** For what it matches; by default for everything. A string is an expression that ignores case. */
  readonly match?: RegExp | string;
  /** How many that match it is for, 1 by default. */
  readonly times?: number;
  /** Whether the request is carried out first. `after` for drop by default, else `before`. */
  readonly when?: 'before' | 'after';
}

/** A fault that is due. `Kind` says what goes wrong. */
export type DueFault<Kind> = Kind & { readonly when: 'before' | 'after' };

export interface FaultState {
  readonly id: number;
  readonly match: string;
  readonly kind: string;
  readonly when: 'before' | 'after';
  /** For how many more. */
  readonly left: number;
  readonly happened: number;
}

export interface FaultRegistry<Kind> {
  /** Makes the next that match go wrong; gives how it stands, now and later. Throws `invalid_request` for a bad expression. */
  add(options: Kind & FaultChoice): { state(): FaultState };
  /** All faults that were added and not removed. */
  list(): readonly FaultState[];
  /** Removes all of them. */
  clear(): void;
}

interface Added<Kind> {
  readonly fault: DueFault<Kind>;
  readonly pattern: RegExp;
  readonly id: number;
  left: number;
  happened: number;
}

/** The faults of one stand-in. `takeFor` gives the first that is left for a text (a statement, `GET /v1/…`), and counts it. `example` is an expression for the hint. */
export function createFaultRegistry<Kind extends { readonly kind: string }>(
  example: string,
): { faults: FaultRegistry<Kind>; takeFor(text: string): DueFault<Kind> | undefined } {
  let added: Added<Kind>[] = [];
  let lastId = 0;
  const stateOf = ({ id, pattern, fault, left, happened }: Added<Kind>): FaultState => ({
    id,
    match: pattern.source,
    kind: fault.kind,
    when: fault.when,
    left,
    happened,
  });
  return {
    faults: {
      add(options) {
        lastId += 1;
        const fault = { ...options, when: options.when ?? (options.kind === 'drop' ? 'after' : 'before') };
        const pattern = patternOf(options.match ?? '', example);
        const one: Added<Kind> = { fault, pattern, id: lastId, left: options.times ?? 1, happened: 0 };
        added.push(one);
        return { state: () => stateOf(one) };
      },
      list: () => added.map(stateOf),
      clear() {
        added = [];
      },
    },
    takeFor(text) {
      const one = added.find(({ left, pattern }) => left > 0 && pattern.test(text));
      if (one === undefined) return undefined;
      one.left -= 1;
      one.happened += 1;
      return one.fault;
    },
  };
}

/** Without the flags that make an expression remember where it was. */
function patternOf(match: RegExp | string, example: string): RegExp {
  if (match instanceof RegExp) return new RegExp(match.source, match.flags.replace(/[gy]/g, ''));
  try {
    return new RegExp(match, 'i');
  } catch (error) {
    throw new HooklineError('invalid_request', 'match is not a regular expression.', {
      hint: `match takes a regular expression of JavaScript, such as ${example}.`,
      cause: error,
    });
  }
}
