/**
 * What a statement is refused with, in Vitess's words. These are no errors of Hookline's (src/errors.ts): they belong to the protocol that
 * the gateway speaks, and its clients match on their text.
 */

/** Status codes of gRPC, under the names that Vitess writes into messages. */
export type GrpcCode =
  | 'Aborted'
  | 'AlreadyExists'
  | 'Canceled'
  | 'DeadlineExceeded'
  | 'FailedPrecondition'
  | 'InvalidArgument'
  | 'NotFound'
  | 'PermissionDenied'
  | 'ResourceExhausted'
  | 'Unavailable'
  | 'Unimplemented'
  | 'Unknown';

/** Refused before it came to the database: by vtgate, which plans statements. */
export class VtgateError extends Error {
  override readonly name: string = 'VtgateError';
}

/** What Vitess, or this gateway, cannot do. */
export class UnsupportedError extends VtgateError {
  constructor(what: string) {
    super(`VT12001: unsupported: ${what}`);
  }
}

/** Refused by vttablet, which stands before the database, or by the database. */
export class TabletError extends Error {
  override readonly name = 'TabletError';
  readonly code: GrpcCode;
  /** The number of MySQL's error, where it is the database's own. */
  readonly errno: number | undefined;
  /** Whether the message ends with the statement. */
  readonly tellsStatement: boolean;

  constructor(code: GrpcCode, description: string, { errno, tellsStatement = false }: TabletErrorDetails = {}) {
    super(description);
    this.code = code;
    this.errno = errno;
    this.tellsStatement = tellsStatement;
  }
}

interface TabletErrorDetails {
  readonly errno?: number;
  readonly tellsStatement?: boolean;
}

/** A branch with safe migrations refuses every DDL in these words (errno 1105 over MySQL's own protocol), TRUNCATE and IF NOT EXISTS included. */
export function directDdlIsDisabled(): VtgateError {
  return new VtgateError('direct DDL is disabled');
}

export function rowCountExceeded(limit: number): TabletError {
  return new TabletError('Aborted', `Row count exceeded ${limit}`);
}

export function messageTooLarge(bytes: number, limit: number): TabletError {
  return new TabletError('ResourceExhausted', `grpc: trying to send message larger than max (${bytes} vs. ${limit})`);
}

/** A statement that was killed: it took too long, or its transaction did. */
export function queryKilled(afterMs: number, threadId: number): TabletError {
  const elapsed = duration(Math.round(afterMs));
  return new TabletError(
    'Canceled',
    `(errno 2013) (sqlstate HY000) due to context deadline exceeded, elapsed time: ${elapsed}, killing query ID ${threadId}`,
    { errno: 2013 },
  );
}

export function contextCanceled(): TabletError {
  return new TabletError('Canceled', '(errno 2013) (sqlstate HY000) due to context canceled', { errno: 2013 });
}

/** `state`: "not found (potential transaction timeout)", "in use: for query", or "ended at … (why)". */
export function transactionError(id: string, state: string): TabletError {
  return new TabletError('Aborted', `transaction ${id}: ${state}`);
}

/** Milliseconds as Go writes a duration. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${ms}ms` : `${ms / 1_000}s`;
}

/** `error` of an answer. */
export interface RpcError {
  readonly code: string;
  readonly message: string;
}

const LONGEST_STATEMENT = 2_000;

/**
 * The error as PlanetScale answers it. `code` is UNKNOWN whatever went wrong, as the service answers (planetscale/database-js#103): the kind
 * of error stands in the message alone. `statement` gives the text without its literals.
 */
export function toRpcError(
  error: VtgateError | TabletError,
  { keyspace, caller, statement }: { keyspace: string; caller: string; statement: () => string },
): RpcError {
  if (error instanceof VtgateError) return { code: 'UNKNOWN', message: error.message };
  const from = `target: ${keyspace}.-.primary: vttablet: rpc error: code = ${error.code} desc = `;
  const of = error.tellsStatement
    ? `: Sql: ${JSON.stringify(statement().slice(0, LONGEST_STATEMENT))}, BindVars: {REDACTED}`
    : '';
  return { code: 'UNKNOWN', message: `${from}${error.message} (CallerID: ${caller})${of}` };
}
