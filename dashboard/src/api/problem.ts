import { HooklineApiError } from '@hookline/client';

/** What a page tells of an error. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Wrong members, as `/url: …`. */
  readonly findings: readonly { readonly pointer: string; readonly detail: string }[];
  readonly requestId: string | null;
  /** Nothing came back: the network, or the server is away. */
  readonly isOffline: boolean;
}

/** Reads an error that a query or a mutation ended with. */
export function tell(error: unknown): Told {
  if (!(error instanceof HooklineApiError)) {
    const message = error instanceof Error ? error.message : String(error);
    // What fetch throws where no answer came.
    const isOffline = error instanceof TypeError;
    return {
      code: isOffline ? 'offline' : 'unexpected',
      message,
      hint: undefined,
      findings: [],
      requestId: null,
      isOffline,
    };
  }
  const { hint, errors } = (typeof error.problem === 'object' && error.problem !== null ? error.problem : {}) as {
    readonly hint?: unknown;
    readonly errors?: unknown;
  };
  return {
    code: error.code,
    message: error.message,
    hint: typeof hint === 'string' ? hint : undefined,
    findings: Array.isArray(errors) ? errors.filter(isFinding) : [],
    requestId: error.requestId,
    isOffline: false,
  };
}

function isFinding(value: unknown): value is Told['findings'][number] {
  const { pointer, detail } = (value ?? {}) as Record<string, unknown>;
  return typeof pointer === 'string' && typeof detail === 'string';
}

/** Whether an error says that nobody is signed in (any more). */
export function isSignedOut(error: unknown): boolean {
  return error instanceof HooklineApiError && error.status === 401;
}
