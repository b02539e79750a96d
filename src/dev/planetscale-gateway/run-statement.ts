import type { FieldPacket, PoolConnection, ResultSetHeader } from 'mysql2';
import { contextCanceled, messageTooLarge, queryKilled, rowCountExceeded, TabletError } from './errors.js';
import type { Limits } from './limits.js';
import { tabletErrorOf } from './mysql-errors.js';

/** The values of a row as the database sent them. */
export type RawRow = ReadonlyArray<Buffer | null>;

/** What a statement gave: rows, or counts. */
export type Outcome =
  | { readonly fields: readonly FieldPacket[]; readonly rows: readonly RawRow[] }
  | { readonly fields: undefined; readonly affectedRows: bigint; readonly insertId: bigint };

/** A statement that failed. `broken` when its connection cannot be used any more and has to be killed. */
export class StatementFailure extends Error {
  override readonly name = 'StatementFailure';
  readonly error: TabletError;
  readonly broken: boolean;

  constructor(error: TabletError, broken: boolean) {
    super(error.message);
    this.error = error;
    this.broken = broken;
  }
}

/**
 * Runs one statement within the limits, reading no more of its result than they allow. Throws a StatementFailure. An abort of `signal` breaks the
 * statement off, with the signal's reason when that is a TabletError.
 */
export function runStatement(
  connection: PoolConnection,
  sql: string,
  { limits, signal }: { readonly limits: Limits; readonly signal: AbortSignal },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let fields: readonly FieldPacket[] | undefined;
    let header: ResultSetHeader | undefined;
    const rows: RawRow[] = [];
    let bytes = 0;

    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      connection.off('error', onLost);
    };
    const fail = (error: TabletError, broken: boolean): void => {
      settle();
      reject(new StatementFailure(error, broken));
    };
    const reason = (): TabletError => (signal.reason instanceof TabletError ? signal.reason : contextCanceled());
    const onAbort = (): void => fail(reason(), true);
    const onLost = (error: Error): void => fail(tabletErrorOf(error), true);
    const timer = setTimeout(
      () => fail(queryKilled(performance.now() - startedAt, connection.threadId), true),
      limits.statementMs,
    );
    if (signal.aborted) return fail(reason(), false);
    signal.addEventListener('abort', onAbort, { once: true });
    // Where mysql2 tells that the connection broke, when a statement has no callback.
    connection.once('error', onLost);

    connection
      .query(sql)
      .on('fields', (sent: FieldPacket[] | undefined) => {
        fields = sent;
      })
      .on('result', (result: unknown) => {
        if (fields === undefined) {
          header = result as ResultSetHeader;
          return;
        }
        const row = result as RawRow;
        rows.push(row);
        for (const value of row) bytes += value?.length ?? 0;
        if (rows.length > limits.rows) fail(rowCountExceeded(limits.rows), true);
        else if (bytes > limits.resultBytes) fail(messageTooLarge(bytes, limits.resultBytes), true);
      })
      .on('error', (error: unknown) => fail(tabletErrorOf(error), isFatal(error)))
      .on('end', () => {
        settle();
        resolve(fields === undefined ? countsOf(header) : { fields, rows });
      });
  });
}

function isFatal(error: unknown): boolean {
  return error instanceof Error && 'fatal' in error && error.fatal === true;
}

/** mysql2 reads an id of 2^63 and more as a negative one. */
function countsOf(header: ResultSetHeader | undefined): Outcome {
  return {
    fields: undefined,
    affectedRows: BigInt(header?.affectedRows ?? 0),
    insertId: BigInt.asUintN(64, BigInt(header?.insertId ?? 0)),
  };
}
