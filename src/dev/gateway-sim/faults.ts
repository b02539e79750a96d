/** What goes wrong with the answer to a callback. */
export type CallbackFault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /** The request is read and never answered. */
  | { readonly kind: 'hang' }
  /** The request is read and the connection broken. */
  | { readonly kind: 'close' };

export interface FaultOptions {
  /** How many callbacks it meets; 1 by default. */
  readonly times?: number;
  /** Only callbacks of this channel; any by default. */
  readonly channelId?: string;
  /** The gateway takes the callback, and only the answer is spoilt: what a lost answer looks like. False by default. */
  readonly taken?: boolean;
}

/** Faults of the callback side, each for the next callbacks that it fits; those added first go first. */
export interface CallbackFaults {
  /** Answers with this status, as 503 with `{ 'retry-after': '2' }`. */
  answer(status: number, options?: FaultOptions & { readonly headers?: Readonly<Record<string, string>> }): void;
  /** Answers 307 to this URL. */
  redirect(location: string, options?: FaultOptions): void;
  hang(options?: FaultOptions): void;
  close(options?: FaultOptions): void;
  /** Forgets those that are left. */
  clear(): void;
}

export interface FaultQueue extends CallbackFaults {
  /** The fault that the next callback of this channel meets. */
  next(channelId: string | null): { readonly fault: CallbackFault; readonly taken: boolean } | undefined;
}

export function createFaults(): FaultQueue {
  let queue: Array<{ fault: CallbackFault; channelId: string | undefined; taken: boolean; left: number }> = [];
  const add = (fault: CallbackFault, { times = 1, channelId, taken = false }: FaultOptions = {}): void => {
    queue.push({ fault, channelId, taken, left: times });
  };
  return {
    answer: (status, options) => add({ kind: 'answer', status, headers: options?.headers ?? {} }, options),
    redirect: (location, options) => add({ kind: 'answer', status: 307, headers: { location } }, options),
    hang: (options) => add({ kind: 'hang' }, options),
    close: (options) => add({ kind: 'close' }, options),
    clear() {
      queue = [];
    },
    next(channelId) {
      const found = queue.find((one) => one.channelId === undefined || one.channelId === channelId);
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) queue = queue.filter((one) => one !== found);
      return found;
    },
  };
}
