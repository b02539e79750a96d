import { HooklineError } from '../../errors.js';

/** What Vitess says most often with each code. */
export const USUAL_DESCRIPTIONS: Readonly<Record<FaultCode, string>> = {
  Aborted: 'transaction 1700000000000000001: in use: in use: for tx killer rollback',
  ResourceExhausted: 'Transaction throttled',
  Unavailable: 'operation not allowed in state NOT_SERVING',
};

/** What goes wrong. */
type Kind =
  /** `drop` breaks the connection without an answer, `hang` never answers, `empty` answers `{}`. */
  | { readonly kind: 'drop' | 'hang' | 'empty' }
  /** A page of HTML, as a proxy in between would answer; 502 by default. */
  | { readonly kind: 'html'; readonly status?: number }
  /** `description` is what stands behind `desc =`; by default what Vitess says most often. */
  | { readonly kind: 'error'; readonly code: FaultCode; readonly description?: string }
  /** Waits, and then goes on as without the fault. */
  | { readonly kind: 'slow'; readonly ms: number };

export const FAULT_CODES = ['Aborted', 'ResourceExhausted', 'Unavailable'] as const;
type FaultCode = (typeof FAULT_CODES)[number];

/** A fault on demand. */
export type FaultOptions = Kind & {
  /** For statements whose SQL it matches, as it comes; by default for every statement. A string is an expression that ignores case. */
  readonly match?: RegExp | string;
  /** How many matching statements it is for, 1 by default. */
  readonly times?: number;
  /** Whether the statement runs first, and commits if nothing else holds it. `after` for drop by default, else `before`. */
  readonly when?: 'before' | 'after';
};

export type Fault = Kind & { readonly when: 'before' | 'after' };

export interface FaultState {
  readonly id: number;
  readonly match: string;
  readonly kind: Fault['kind'];
  readonly when: Fault['when'];
  /** For how many more statements. */
  readonly left: number;
  readonly happened: number;
}

export interface Faults {
  /** Makes the next matching statements go wrong; gives how it stands, now and later. Throws `invalid_request` for a bad expression. */
  add(options: FaultOptions): { state(): FaultState };
  /** All faults that were added and not removed. */
  list(): readonly FaultState[];
  /** Removes all of them. */
  clear(): void;
}

interface Added {
  readonly fault: Fault;
  readonly pattern: RegExp;
  readonly id: number;
  left: number;
  happened: number;
}

/** The faults of one gateway. `takeFor` gives the first that is left for a statement, and counts it. */
export function createFaults(): { faults: Faults; takeFor(sql: string): Fault | undefined } {
  let added: Added[] = [];
  let lastId = 0;
  const stateOf = ({ id, pattern, fault, left, happened }: Added): FaultState => ({
    id,
    match: pattern.source,
    kind: fault.kind,
    when: fault.when,
    left,
    happened,
  });
  return {
    faults: {
      add({ match = '', times = 1, when, ...kind }) {
        lastId += 1;
        const fault: Fault = { ...kind, when: when ?? (kind.kind === 'drop' ? 'after' : 'before') };
        const one: Added = { fault, pattern: patternOf(match), id: lastId, left: times, happened: 0 };
        added.push(one);
        return { state: () => stateOf(one) };
      },
      list: () => added.map(stateOf),
      clear() {
        added = [];
      },
    },
    takeFor(sql) {
      const one = added.find(({ left, pattern }) => left > 0 && pattern.test(sql));
      if (one === undefined) return undefined;
      one.left -= 1;
      one.happened += 1;
      return one.fault;
    },
  };
}

/** Without the flags that make an expression remember where it was. */
function patternOf(match: RegExp | string): RegExp {
  if (match instanceof RegExp) return new RegExp(match.source, match.flags.replace(/[gy]/g, ''));
  try {
    return new RegExp(match, 'i');
  } catch (error) {
    throw new HooklineError('invalid_request', 'match is not a regular expression.', {
      hint: 'match takes a regular expression of JavaScript, such as ^insert into ai_content.',
      cause: error,
    });
  }
}
