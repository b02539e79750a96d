/** What PostgREST answers by itself, under its own codes (its documentation, "Errors"). */
const STATUS = {
  /** The query string holds something that is not taken. */
  PGRST100: 400,
  /** A method that the function does not take. */
  PGRST101: 405,
  /** The body is no JSON object. */
  PGRST102: 400,
  /** `offset` lies beyond the rows, whose number was asked for. */
  PGRST103: 416,
  /** Another schema than `public` was asked for. */
  PGRST106: 406,
  /** No media type of `Accept` is offered. */
  PGRST107: 406,
  /** One row was asked for, and there are more or none. */
  PGRST116: 406,
  /** `Prefer: handling=strict` with a preference that is not taken. */
  PGRST122: 400,
  /** There is no such function, or it does not take these arguments. */
  PGRST202: 404,
  /** There is no such table. */
  PGRST205: 404,
} as const;

/** The body of an error, as PostgREST has it. */
export interface RpcErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details: string | null;
  readonly hint: string | null;
}

export interface RpcErrorOptions {
  readonly details?: string | null;
  readonly hint?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error in PostgREST's form. `message`, `details` and `hint` carry no token, no SQL and nobody else's data. */
export class RpcError extends Error {
  readonly status: number;
  readonly body: RpcErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RpcError';
    this.status = status;
    this.body = { code, message, details: options.details ?? null, hint: options.hint ?? null };
    this.headers = options.headers ?? {};
  }
}

/** An error of PostgREST's own, with the status that it has there. */
export function refusal(code: keyof typeof STATUS, message: string, options?: RpcErrorOptions): RpcError {
  return new RpcError(STATUS[code], code, message, options);
}
